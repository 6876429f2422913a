"""How a place in a document of the book is counted: by whoever reads it, and by whoever puts a picture back there."""

_BLOCK_WORDS = """
    body p div h1 h2 h3 h4 h5 h6 hgroup li blockquote pre td th dt dd figcaption caption section article header footer
    main aside figure ul ol dl table tr thead tbody tfoot address center hr fieldset form details summary
    level1 level2 level3 level4 linegroup line text
"""
# Positions count the start tags of these from the body on, in document order, from 0, in lower case without prefix.
BLOCK_TAGS = frozenset(_BLOCK_WORDS.split())

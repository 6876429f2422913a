// Runs before the page is painted, so that a remembered theme does not flash. Storage may be forbidden (file:, private windows).
document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("imaginized-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* nothing remembered */ }

# What a container's engine does with deploy/Containerfile's image, by namespaces alone: this machine's files, read-only,
# with the folders and volumes of the image. Run by tests/support/contained.py in namespaces of its own:
# contained.sh PLACE PYTHON PACKAGES SOURCE VOLUMES STEPS, then the command to be PID 1.
set -eu
place=$1 python=$2 packages=$3 source=$4 volumes=$5 steps=$6
shift 6
mount --make-rprivate /
ip link set lo up
mount -t tmpfs -o mode=755 tmpfs "$place"
mkdir "$place/upper" "$place/work" "$place/root"
mount -t overlay -o "lowerdir=/,upperdir=$place/upper,workdir=$place/work" overlay "$place/root"
cd "$place/root"
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs opt
mkdir -p opt/imaginized/bin opt/imaginized/python opt/imaginized/packages opt/imaginized/source
mount --bind "$python" opt/imaginized/python
mount --bind "$packages" opt/imaginized/packages
mount --bind "$source" opt/imaginized/source
for program in imaginized:daemon imaginizectl:ctl; do
    printf '#!/bin/sh\nexec /opt/imaginized/python/bin/python3 -c "from imaginized.cli.%s import main; main()" "$@"\n' \
        "${program#*:}" > "opt/imaginized/bin/${program%:*}"
done
chmod 755 opt/imaginized/bin/*
chroot . /bin/sh -euc "$steps"
for volume in inbox library; do mount --bind "$volumes/$volume" "$volume"; done
mount --bind "$volumes/secrets" run/secrets
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=1777 tmpfs run/imaginized
mount -o remount,ro,bind opt
mount -o remount,ro,bind run
mount -o remount,ro .
exec chroot . "$@"

# Becomes PID 1 of a machine made of this one's files: a writable copy of them that vanishes with it, systemd, our units.
# Run by tests/support/booted.py in namespaces of its own: booted.sh FOLDER PYTHON PACKAGES SOURCE FILES GROUP
set -eu
place=$1
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$place"

# A control group of its own before there is a namespace of them: two machines at once must not share one.
mkdir "$place/cgroups"
mount -t cgroup2 cgroup2 "$place/cgroups"
group="$place/cgroups$(sed -n 's/^0:://p' /proc/self/cgroup)/$6"
mkdir "$group"
echo 0 > "$group/cgroup.procs"
umount "$place/cgroups"

mkdir "$place/upper" "$place/work" "$place/root"
mount -t overlay -o "lowerdir=/,upperdir=$place/upper,workdir=$place/work" overlay "$place/root"
cd "$place/root"

mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts dev/shm
for node in null zero full random urandom tty; do
    : > "dev/$node"
    mount --bind "/dev/$node" "dev/$node"
done
ln -s /proc/self/fd dev/fd
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs opt
mkdir -p opt/imaginized/bin opt/imaginized/python opt/imaginized/packages opt/imaginized/source .old
mount --bind "$2" opt/imaginized/python
mount --bind "$3" opt/imaginized/packages
mount --bind "$4" opt/imaginized/source
rm -rf etc/systemd/system etc/imaginized var/lib/imaginized
mkdir -p etc/systemd/system etc/imaginized etc/sysusers.d etc/tmpfiles.d
cp -r "$5/." .
mount -t tmpfs -o mode=1777 tmpfs tmp

pivot_root . .old
umount -l /.old
rmdir /.old
mount --make-rshared /
systemd-sysusers
exec env -i container=imaginized PATH=/usr/sbin:/usr/bin:/sbin:/bin unshare --cgroup \
    sh -c 'mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec /lib/systemd/systemd --unit=tests.target'

# Runs once in the guest: a complete static busybox as image busybox:test.
set -e
mkdir -p /tmp/bb/bin /tmp/bb/etc /tmp/bb/tmp
cp /bin/busybox /tmp/bb/bin/
for applet in $(/bin/busybox --list); do
  [ "$applet" = busybox ] || ln -s busybox "/tmp/bb/bin/$applet"
done
printf 'root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n' > /tmp/bb/etc/passwd
printf 'root:x:0:\napp:x:1000:\n' > /tmp/bb/etc/group
tar -C /tmp/bb -c . | docker import -c 'CMD ["sh"]' - busybox:test
rm -rf /tmp/bb
docker run --rm busybox:test echo started
systemctl stop docker docker.socket containerd
sync

# Runs in the guest: starts containers that need a real AppArmor, cgroup v2 and auditd, and has them judged.
set -e
mkdir -p out
run() {
  name=$1
  shift
  docker run --detach --name "$name" "$@" busybox:test sleep 100000 > /dev/null
}

auditctl -w "$(readlink -f "$(command -v dockerd)")" -p wa -k docker
auditctl -w /etc/docker -p wa -k docker
auditctl -w /var/lib/docker -p wa -k docker
# In a file, and not loaded.
echo '-w /usr/lib/systemd/system/docker.service -p wa -k docker' > /etc/audit/rules.d/docker.rules
chmod 602 /etc/docker/daemon.json

docker network create own > /dev/null
run plain
run hardened --user 1000:1000 --security-opt no-new-privileges --cap-drop ALL --read-only \
  --tmpfs /tmp:rw,noexec,nosuid,nodev,size=16m --memory 64m --memory-swap 64m --pids-limit 64 --cpus 0.5 \
  --ulimit nofile=1024:1024 --ulimit core=0 --network own --restart on-failure:3 \
  --health-cmd true --health-interval 1h --log-opt max-size=10m --log-opt max-file=3
run privileged --privileged
run unconfined --security-opt apparmor=unconfined
run limited --memory 64m --pids-limit 50 --cpus 0.5
run raised --memory 64m
group=$(cut -d: -f3 "/proc/$(docker inspect --format '{{.State.Pid}}' raised)/cgroup")
echo 268435456 > "/sys/fs/cgroup$group/memory.max"

code=0
node bin/seaworthy.js check --format json --timeout 60 --save-evidence out/evidence.json \
  > out/report.json || code=$?
echo "$code" > out/code

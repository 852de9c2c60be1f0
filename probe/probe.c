/*
 * The probe: tries, from inside a container, one technique at a time, and says in one line of JSON whether it
 * works. It is started by `seaworthy prove` in a clone of the container that is judged.
 *
 *   {"probe":"mountdev","ok":true,"errno":0,"error":"","detail":"..."}
 *
 * Rules (docs/prove.md, "What a probe may do"):
 *  - it touches nothing but canaries that prove made for it, and undoes what it did;
 *  - calls that would harm if they worked are made with arguments that the kernel refuses only after it has asked
 *    for permission: EPERM, EACCES, EROFS, ENOSYS = the barrier holds; any other answer = the way was open;
 *  - what uses up memory, processes or time has a bound of its own, whatever limits hold.
 *
 * Static, no dependencies: works in images without a shell or a libc.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef MS_BIND
#define MS_BIND 4096
#endif

static const char *name = "";
static char detail[1024];

static void say(const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(detail, sizeof detail, format, args);
  va_end(args);
}

static void put_json(const char *text) {
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    if (c == '"' || c == '\\') printf("\\%c", c);
    else if (c < 0x20 || c > 0x7e) printf("\\u%04x", c);
    else putchar(c);
  }
}

/* Ends the probe: 0 = the technique works, 1 = something stands in its way. */
static int result(int ok, int error) {
  printf("{\"probe\":\"");
  put_json(name);
  printf("\",\"ok\":%s,\"errno\":%d,\"error\":\"", ok ? "true" : "false", error);
  put_json(error ? strerror(error) : "");
  printf("\",\"detail\":\"");
  put_json(detail);
  printf("\"}\n");
  fflush(stdout);
  return ok ? 0 : 1;
}

static int refused(int error) {
  return error == EPERM || error == EACCES || error == EROFS || error == ENOSYS;
}

/* The answer to a call that cannot work: refused for want of permission, or for its arguments. */
static int asked(long answer) {
  int error = answer < 0 ? errno : 0;
  return result(!refused(error), error);
}

/* A folder that can be written, for what a probe must put somewhere. */
static const char *scratch(void) {
  static const char *places[] = {"/dev/shm", "/tmp", "/run", "/var/tmp", "/dev", "/", NULL};
  for (int i = 0; places[i]; i++)
    if (access(places[i], W_OK) == 0) return places[i];
  return NULL;
}

static int status(void) {
  static char buffer[4096];
  int fd = open("/proc/self/status", O_RDONLY);
  ssize_t length = fd < 0 ? 0 : read(fd, buffer, sizeof buffer - 1);
  buffer[length > 0 ? length : 0] = 0;
  const char *wanted[] = {"CapEff:", "CapBnd:", "NoNewPrivs:", "Seccomp:", NULL};
  size_t used = 0;
  used += (size_t)snprintf(detail, sizeof detail, "uid=%d euid=%d gid=%d", getuid(), geteuid(), getgid());
  for (int i = 0; wanted[i]; i++) {
    char *at = strstr(buffer, wanted[i]);
    if (!at) continue;
    at += strlen(wanted[i]);
    while (*at == '\t' || *at == ' ') at++;
    used += (size_t)snprintf(detail + used, sizeof detail - used, " %.*s=%.*s", (int)strlen(wanted[i]) - 1, wanted[i],
                             (int)strcspn(at, "\n"), at);
  }
  return result(1, 0);
}

static int read_file(const char *path) {
  char buffer[256];
  int fd = open(path, O_RDONLY | O_NONBLOCK);
  if (fd < 0) return result(0, errno);
  ssize_t length = read(fd, buffer, sizeof buffer - 1);
  if (length < 0) return result(0, errno);
  buffer[length] = 0;
  say("%s", buffer);
  return result(1, 0);
}

/* Opens for writing and writes nothing: enough to know, and harmless. */
static int open_for_writing(const char *path) {
  int fd = open(path, O_WRONLY | O_NONBLOCK);
  return result(fd >= 0, fd < 0 ? errno : 0);
}

/* A folder: an unnamed file in it, which is gone when it is closed. A file: opened, nothing written. */
static int can_write(const char *path) {
  struct stat about;
  if (stat(path, &about) < 0) return result(0, errno);
  if (!S_ISDIR(about.st_mode)) return open_for_writing(path);
  int fd = open(path, O_TMPFILE | O_WRONLY, 0600);
  if (fd >= 0 || refused(errno)) return result(fd >= 0, fd < 0 ? errno : 0);
  int answer = faccessat(AT_FDCWD, path, W_OK, AT_EACCESS);
  return result(answer == 0, answer < 0 ? errno : 0);
}

/* Opens a file that only its owner may read, and reads nothing; tells which. */
static int can_read_secret(const char *path) {
  struct stat about;
  if (stat(path, &about) < 0) return result(0, errno);
  if (!S_ISDIR(about.st_mode)) {
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    return result(fd >= 0, fd < 0 ? errno : 0);
  }
  DIR *folder = opendir(path);
  if (!folder) return result(0, errno);
  int error = ENOENT;
  struct dirent *entry;
  for (int left = 4000; left > 0 && (entry = readdir(folder)); left--) {
    if (fstatat(dirfd(folder), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) < 0) continue;
    if (!S_ISREG(about.st_mode) || (about.st_mode & 0044)) continue;
    int fd = openat(dirfd(folder), entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    error = fd < 0 ? errno : 0;
    if (fd >= 0) close(fd);
    say("%.200s/%.200s", path, entry->d_name);
    break;
  }
  closedir(folder);
  if (error == ENOENT) {
    say("no file there is closed to others; root of the host could read all of them");
    return result(geteuid() == 0, geteuid() == 0 ? 0 : EACCES);
  }
  return result(error == 0, error);
}

/* Prints a file as it is: how the proof looks at /proc in images without a tool for it. */
static int print_file(const char *path) {
  static char buffer[65536];
  int fd = open(path, O_RDONLY);
  ssize_t length;
  if (fd < 0) return 1;
  while ((length = read(fd, buffer, sizeof buffer)) > 0)
    if (write(1, buffer, (size_t)length) != length) return 1;
  return length < 0;
}

static int write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0) return result(0, errno);
  ssize_t length = write(fd, text, strlen(text));
  int error = length < 0 ? errno : 0;
  close(fd);
  return result(length >= 0, error);
}

/* Copies itself to where it can write, and runs the copy. */
static int drop_and_run(const char *folder) {
  char path[512];
  snprintf(path, sizeof path, "%s/.seaworthy-dropped", folder);
  int from = open("/proc/self/exe", O_RDONLY);
  int to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
  if (from < 0 || to < 0) return result(0, errno);
  static char buffer[65536];
  ssize_t length;
  while ((length = read(from, buffer, sizeof buffer)) > 0)
    if (write(to, buffer, (size_t)length) != length) {
      int error = errno;
      unlink(path);
      return result(0, error);
    }
  close(from);
  close(to);
  pid_t child = fork();
  if (child == 0) {
    char *const arguments[] = {path, "nothing", NULL};
    char *const environment[] = {NULL};
    execve(path, arguments, environment);
    _exit(errno & 0x7f);
  }
  int how = 0;
  waitpid(child, &how, 0);
  unlink(path);
  int error = WIFEXITED(how) ? WEXITSTATUS(how) : EINTR;
  say("%s", folder);
  return result(error == 0, error);
}

/* Makes a node of a disk and opens it; reads nothing of what may be on it. */
static int mknod_open(int major_number, int minor_number) {
  const char *folder = scratch();
  char path[256];
  if (!folder) {
    say("no folder can be written");
    return result(0, EROFS);
  }
  /* /dev/shm and /tmp are mounted nodev as a rule; /dev is not. */
  snprintf(path, sizeof path, "%s/.seaworthy-node", access("/dev", W_OK) == 0 ? "/dev" : folder);
  unlink(path);
  if (mknod(path, S_IFBLK | 0600, makedev((unsigned)major_number, (unsigned)minor_number)) < 0) {
    int error = errno;
    say("mknod");
    return result(0, error);
  }
  int fd = open(path, O_RDONLY | O_NONBLOCK);
  int error = fd < 0 ? errno : 0;
  if (fd >= 0) close(fd);
  unlink(path);
  say("open");
  /* A device that is not there (ENXIO) is asked for after the device controller. */
  return result(!refused(error), error);
}

static int read_node(const char *path) {
  int fd = open(path, O_RDONLY);
  char block[64];
  if (fd < 0) return result(0, errno);
  ssize_t length = read(fd, block, sizeof block);
  return result(length >= 0, length < 0 ? errno : 0);
}

/* Mounts in a namespace of its own where it may make one, so that nothing is left behind. */
static int mount_at(const char *type, const char *source, const char *options, const char *file) {
  const char *folder = scratch();
  char place[256];
  char path[512];
  if (!folder) folder = "/";
  snprintf(place, sizeof place, "%s/.seaworthy-mount", folder);
  if (mkdir(place, 0700) < 0 && errno != EEXIST) snprintf(place, sizeof place, "/proc/self/task");
  if (mount(source, place, type, file ? MS_RDONLY : 0, options) < 0) {
    int error = errno;
    rmdir(place);
    return result(0, error);
  }
  int error = 0;
  if (file) {
    snprintf(path, sizeof path, "%s/%s", place, file);
    int fd = open(path, O_RDONLY);
    char text[128] = "";
    if (fd < 0) error = errno;
    else {
      ssize_t length = read(fd, text, sizeof text - 1);
      text[length > 0 ? length : 0] = 0;
      close(fd);
    }
    say("%s", text);
  }
  umount2(place, MNT_DETACH);
  rmdir(place);
  return result(error == 0, error);
}

/* A hierarchy of its own name has a release agent like all others, and is gone when it is unmounted. */
static int release_agent(void) {
  const char *folder = scratch();
  char place[256];
  char path[320];
  if (!folder) return result(0, EROFS);
  snprintf(place, sizeof place, "%s/.seaworthy-cgroup", folder);
  mkdir(place, 0700);
  if (mount("cgroup", place, "cgroup", 0, "none,name=seaworthy-probe") < 0) {
    int error = errno;
    rmdir(place);
    say("mount");
    return result(0, error);
  }
  snprintf(path, sizeof path, "%s/release_agent", place);
  int fd = open(path, O_WRONLY);
  int error = fd < 0 ? errno : 0;
  if (fd >= 0) close(fd);
  umount2(place, MNT_DETACH);
  rmdir(place);
  say("release_agent");
  return result(error == 0, error);
}

static int trace(pid_t pid) {
  if (ptrace(PTRACE_ATTACH, pid, 0, 0) < 0) return result(0, errno);
  waitpid(pid, NULL, 0);
  ptrace(PTRACE_DETACH, pid, 0, 0);
  return result(1, 0);
}

static int kill_process(pid_t pid, int number) {
  int answer = kill(pid, number);
  return result(answer == 0, answer < 0 ? errno : 0);
}

/* Sets the name that it has already; a name that is not the host's is its own affair. */
static int set_host_name(const char *expected) {
  char host[256];
  gethostname(host, sizeof host);
  if (*expected && strcmp(host, expected)) {
    say("its own name");
    return result(0, ENOENT);
  }
  int answer = sethostname(host, strlen(host));
  return result(answer == 0, answer < 0 ? errno : 0);
}

static int shm_put(key_t key, const char *text) {
  int id = shmget(key, 4096, IPC_CREAT | 0600);
  if (id < 0) return result(0, errno);
  char *place = shmat(id, NULL, 0);
  if (place == (void *)-1) return result(0, errno);
  snprintf(place, 4096, "%s", text);
  return result(1, 0);
}

static int shm_get(key_t key) {
  int id = shmget(key, 4096, 0);
  if (id < 0) return result(0, errno);
  char *place = shmat(id, NULL, SHM_RDONLY);
  if (place == (void *)-1) return result(0, errno);
  say("%.100s", place);
  return result(1, 0);
}

static int shm_remove(key_t key) {
  int id = shmget(key, 0, 0);
  int answer = id < 0 ? -1 : shmctl(id, IPC_RMID, NULL);
  return result(answer == 0, answer < 0 ? errno : 0);
}

static int packet_socket(void) {
  int fd = socket(AF_PACKET, SOCK_RAW, htons(0x0003));
  return result(fd >= 0, fd < 0 ? errno : 0);
}

static int wait_connected(int fd) {
  struct pollfd waiting = {.fd = fd, .events = POLLOUT};
  int error = 0;
  socklen_t length = sizeof error;
  if (poll(&waiting, 1, 1500) <= 0) return ETIMEDOUT;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

static int connect_tcp(const char *address, int port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  if (inet_pton(AF_INET, address, &to.sin_addr) != 1) return result(0, EINVAL);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (fd < 0) return result(0, errno);
  int error = connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? 0 : errno;
  if (error == EINPROGRESS) error = wait_connected(fd);
  return result(error == 0, error);
}

static int connect_unix(const char *path, int abstract) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  size_t length = strlen(path);
  if (length + 1 >= sizeof to.sun_path) return result(0, ENAMETOOLONG);
  memcpy(to.sun_path + (abstract ? 1 : 0), path, length);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0) return result(0, errno);
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
  int error = connect(fd, (struct sockaddr *)&to, size) == 0 ? 0 : errno;
  return result(error == 0, error);
}

/* Asks the engine who it is: only an engine's socket answers. */
static int engine_socket(const char *path) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof to.sun_path) return result(0, ENAMETOOLONG);
  strcpy(to.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0) return result(0, errno);
  const char *question = "GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n";
  if (write(fd, question, strlen(question)) < 0) return result(0, errno);
  struct pollfd waiting = {.fd = fd, .events = POLLIN};
  char answer[128] = "";
  if (poll(&waiting, 1, 2000) <= 0) return result(0, ETIMEDOUT);
  ssize_t length = read(fd, answer, sizeof answer - 1);
  answer[length > 0 ? length : 0] = 0;
  say("%.*s", (int)strcspn(answer, "\r\n"), answer);
  return result(strstr(answer, " 200 ") != NULL, strstr(answer, " 200 ") ? 0 : EACCES);
}

/* Never more than 512 MiB. */
static int use_memory(long mebibytes) {
  if (mebibytes > 512) mebibytes = 512;
  int pipes[2];
  if (pipe(pipes) < 0) return result(0, errno);
  pid_t child = fork();
  if (child == 0) {
    for (long i = 0; i < mebibytes; i++) {
      char *place = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (place == MAP_FAILED) _exit(2);
      for (int at = 0; at < 1 << 20; at += 4096) place[at] = 1;
      if (write(pipes[1], "x", 1) < 0) _exit(3);
    }
    _exit(0);
  }
  close(pipes[1]);
  long touched = 0;
  char byte;
  while (read(pipes[0], &byte, 1) == 1) touched++;
  int how = 0;
  waitpid(child, &how, 0);
  say("%ld MiB", touched);
  return result(touched >= mebibytes, touched >= mebibytes ? 0 : ENOMEM);
}

/* Never more than 256, and none lives longer than three seconds. */
static int fork_many(int wanted) {
  if (wanted > 256) wanted = 256;
  pid_t children[256];
  int count = 0;
  int error = 0;
  for (; count < wanted; count++) {
    pid_t child = fork();
    if (child == 0) {
      alarm(3);
      pause();
      _exit(0);
    }
    if (child < 0) {
      error = errno;
      break;
    }
    children[count] = child;
  }
  for (int i = 0; i < count; i++) kill(children[i], SIGKILL);
  for (int i = 0; i < count; i++) waitpid(children[i], NULL, 0);
  say("%d processes", count);
  return result(count >= wanted, error);
}

/* How often the quota has stopped this cgroup; -1 where that cannot be read. */
static long throttled(void) {
  static const char *files[] = {"/sys/fs/cgroup/cpu.stat", "/sys/fs/cgroup/cpu/cpu.stat",
                                "/sys/fs/cgroup/cpu,cpuacct/cpu.stat", NULL};
  static char buffer[2048];
  for (int i = 0; files[i]; i++) {
    int fd = open(files[i], O_RDONLY);
    if (fd < 0) continue;
    ssize_t length = read(fd, buffer, sizeof buffer - 1);
    close(fd);
    buffer[length > 0 ? length : 0] = 0;
    char *at = strstr(buffer, "nr_throttled ");
    if (at) return atol(at + strlen("nr_throttled "));
  }
  return -1;
}

static double seconds_since(const struct timespec *start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* Keeps every processor busy for at most three seconds, and looks whether a quota stopped it; else what it got. */
static int use_cpu(double seconds) {
  if (seconds > 3) seconds = 3;
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  if (processors < 1) processors = 1;
  if (processors > 16) processors = 16;
  long before = throttled();
  struct timespec start, used;
  clock_gettime(CLOCK_MONOTONIC, &start);
  pid_t children[16];
  long count = 0;
  for (; count < processors - 1; count++) {
    children[count] = fork();
    if (children[count] < 0) break;
    if (children[count] == 0) {
      while (seconds_since(&start) < seconds) continue;
      _exit(0);
    }
  }
  while (seconds_since(&start) < seconds) continue;
  for (long i = 0; i < count; i++) waitpid(children[i], NULL, 0);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  int share = (int)(100 * ((double)used.tv_sec + (double)used.tv_nsec / 1e9) / seconds);
  long after = throttled();
  say("%ld processes, %d %% of a processor each, stopped %ld times", count + 1, share, after < 0 ? -1 : after - before);
  if (after > before) return result(0, 0);
  /* Neither stopped nor served: others keep the machine busy, and nothing can be told. */
  return share < 60 ? result(0, after < 0 ? EAGAIN : EBUSY) : result(1, 0);
}

/* A tick that is out of range: the kernel asks for CAP_SYS_TIME before it looks (timekeeping_validate_timex). */
static int set_clock(void) {
  struct timex change = {.modes = ADJ_TICK, .tick = 1};
  return asked(syscall(SYS_adjtimex, &change));
}

static int kernel_log(void) {
  char buffer[64];
  int length = klogctl(3, buffer, sizeof buffer);
  return result(length >= 0, length < 0 ? errno : 0);
}

/*
 * Asks for a folder by its handle, as one that was made up: inode 2, the root of ext file systems. Whoever lacks the
 * capability is refused before the handle is looked at (fs/fhandle.c); what is opened is closed again.
 */
static int file_handle(const char *path) {
  union {
    struct file_handle handle;
    char space[sizeof(struct file_handle) + MAX_HANDLE_SZ];
  } file = {.handle = {.handle_bytes = 8, .handle_type = 1}};
  memcpy(file.handle.f_handle, "\x02\0\0\0\0\0\0\0", 8);
  int mount_fd = open(path, O_RDONLY);
  if (mount_fd < 0) return result(0, errno);
  int fd = open_by_handle_at(mount_fd, &file.handle, O_RDONLY | O_DIRECTORY);
  int error = fd < 0 ? errno : 0;
  if (fd >= 0) close(fd);
  say("inode 2");
  return result(!refused(error), error);
}

static int make_namespace(int flags) {
  pid_t child = fork();
  if (child == 0) _exit(unshare(flags) < 0 ? errno & 0x7f : 0);
  int how = 0;
  waitpid(child, &how, 0);
  int error = WIFEXITED(how) ? WEXITSTATUS(how) : EINTR;
  return result(error == 0, error);
}

/* System calls with arguments that no kernel takes, made in a child that may be killed for it. */
static long refused_call(const char *call) {
  if (!strcmp(call, "init_module")) return syscall(SYS_init_module, NULL, 0UL, NULL);
  if (!strcmp(call, "finit_module")) return syscall(SYS_finit_module, -1, "", 0);
  if (!strcmp(call, "delete_module")) return syscall(SYS_delete_module, NULL, 0);
  if (!strcmp(call, "reboot")) return syscall(SYS_reboot, 0, 0, 0, NULL);
  if (!strcmp(call, "kexec_load")) return syscall(SYS_kexec_load, 0UL, 99UL, NULL, ~0UL);
  if (!strcmp(call, "bpf")) return syscall(SYS_bpf, 0x7fff, NULL, 0);
  if (!strcmp(call, "perf_event_open")) return syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0UL);
  if (!strcmp(call, "keyctl")) return syscall(SYS_keyctl, 0x7fff, 0, 0, 0, 0);
  if (!strcmp(call, "add_key")) return syscall(SYS_add_key, NULL, NULL, NULL, 0UL, 0);
  if (!strcmp(call, "userfaultfd")) return syscall(SYS_userfaultfd, ~0);
  if (!strcmp(call, "swapon")) return syscall(SYS_swapon, NULL, 0);
  if (!strcmp(call, "acct")) return syscall(SYS_acct, "/nonexistent/seaworthy");
  if (!strcmp(call, "settimeofday")) return syscall(SYS_settimeofday, (void *)1, (void *)1);
  if (!strcmp(call, "pivot_root")) return syscall(SYS_pivot_root, "/nonexistent", "/nonexistent");
  if (!strcmp(call, "setns")) return syscall(SYS_setns, -1, 0);
  if (!strcmp(call, "io_uring_setup")) return syscall(425, 0, NULL);
  errno = EINVAL;
  return -2;
}

static int try_call(const char *call) {
  int pipes[2];
  if (pipe(pipes) < 0) return result(0, errno);
  pid_t child = fork();
  if (child == 0) {
    long answer = refused_call(call);
    int error = answer == -2 ? -1 : answer < 0 ? errno : 0;
    ssize_t done = write(pipes[1], &error, sizeof error);
    _exit(done < 0);
  }
  close(pipes[1]);
  int error = EPERM; /* Killed for it, as a filter may do. */
  ssize_t length = read(pipes[0], &error, sizeof error);
  waitpid(child, NULL, 0);
  say("%s", call);
  if (length == sizeof error && error == -1) {
    say("%s is no call that this probe knows", call);
    return result(0, EINVAL);
  }
  return result(!refused(error), error);
}

static int effective_user(void) {
  say("uid %d euid %d", getuid(), geteuid());
  return result(geteuid() == 0, geteuid() == 0 ? 0 : EPERM);
}

int main(int count, char **arguments) {
  const char *a = count > 2 ? arguments[2] : "";
  const char *b = count > 3 ? arguments[3] : "";
  if (count < 2) {
    fprintf(stderr, "usage: probe NAME [ARGUMENTS]\n");
    return 2;
  }
  name = arguments[1];
  signal(SIGPIPE, SIG_IGN);
  alarm(20);
  if (!strcmp(name, "nothing")) return 0;
  if (!strcmp(name, "cat")) return print_file(a);
  if (!strcmp(name, "status")) return status();
  if (!strcmp(name, "read")) return read_file(a);
  if (!strcmp(name, "openw")) return open_for_writing(a);
  if (!strcmp(name, "writable")) return can_write(a);
  if (!strcmp(name, "secret")) return can_read_secret(a);
  if (!strcmp(name, "write")) return write_file(a, b);
  if (!strcmp(name, "drop")) return drop_and_run(count > 2 ? a : "/");
  if (!strcmp(name, "mknod")) return mknod_open(atoi(a), atoi(b));
  if (!strcmp(name, "node")) return read_node(a);
  if (!strcmp(name, "mount")) return mount_at("tmpfs", "tmpfs", "size=64k", NULL);
  if (!strcmp(name, "mountdev")) return mount_at("ext4", a, "", b);
  if (!strcmp(name, "release-agent")) return release_agent();
  if (!strcmp(name, "ptrace")) return trace(atoi(a));
  if (!strcmp(name, "kill")) return kill_process(atoi(a), atoi(b));
  if (!strcmp(name, "sethostname")) return set_host_name(a);
  if (!strcmp(name, "shmput")) return shm_put(atoi(a), b);
  if (!strcmp(name, "shmget")) return shm_get(atoi(a));
  if (!strcmp(name, "shmrm")) return shm_remove(atoi(a));
  if (!strcmp(name, "packet")) return packet_socket();
  if (!strcmp(name, "tcp")) return connect_tcp(a, atoi(b));
  if (!strcmp(name, "unix")) return connect_unix(a, 0);
  if (!strcmp(name, "abstract")) return connect_unix(a, 1);
  if (!strcmp(name, "engine")) return engine_socket(a);
  if (!strcmp(name, "mem")) return use_memory(atol(a));
  if (!strcmp(name, "fork")) return fork_many(atoi(a));
  if (!strcmp(name, "cpu")) return use_cpu(atof(a));
  if (!strcmp(name, "clock")) return set_clock();
  if (!strcmp(name, "klog")) return kernel_log();
  if (!strcmp(name, "handle")) return file_handle(a);
  if (!strcmp(name, "userns")) return make_namespace(CLONE_NEWUSER);
  if (!strcmp(name, "call")) return try_call(a);
  if (!strcmp(name, "euid")) return effective_user();
  if (!strcmp(name, "sleep")) {
    alarm(0);
    for (;;) pause();
  }
  fprintf(stderr, "probe: %s: there is no such probe\n", name);
  return 2;
}

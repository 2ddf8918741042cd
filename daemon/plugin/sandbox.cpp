#include "plugin/sandbox.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>

namespace dprkwatch::plugin {
namespace {

// The kernel's struct as of Landlock ABI 6; older kernels take a prefix. Debian 12's header has ABI 2.
struct LandlockRules {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scoped = 0;
};
constexpr std::uint64_t kTruncate = std::uint64_t{1} << 14;       // ABI 3
constexpr std::uint64_t kTcp = 3;                                 // ABI 4: bind, connect
constexpr std::uint64_t kDeviceControl = std::uint64_t{1} << 15;  // ABI 5
constexpr std::uint64_t kScopes = 3;                              // ABI 6: abstract sockets, signals

constexpr std::uint64_t kReading =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kFileOnly = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE;

Error system_error(const std::string& what) {
  return {ErrorCode::kInternal, what + ": " + std::strerror(errno), "sandbox"};
}

std::uint64_t all_file_rights(int abi) {
  std::uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;  // ABI 1
  if (abi >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
  if (abi >= 3) rights |= kTruncate;
  if (abi >= 5) rights |= kDeviceControl;
  return rights;
}

// A path that does not exist is passed over.
bool allow_path(int ruleset, const std::string& path, std::uint64_t rights) {
  landlock_path_beneath_attr rule{};
  rule.parent_fd = open(path.c_str(), O_PATH | O_CLOEXEC);
  if (rule.parent_fd < 0) return true;
  struct stat status {};
  const bool is_folder = fstat(rule.parent_fd, &status) == 0 && S_ISDIR(status.st_mode);
  rule.allowed_access = is_folder ? rights : rights & (kFileOnly | LANDLOCK_ACCESS_FS_WRITE_FILE);
  const bool added = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  close(rule.parent_fd);
  return added;
}

struct ReleaseFilter {
  void operator()(void* filter) const noexcept { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, ReleaseFilter>;

Result<void> add_rules(void* filter, std::uint32_t action, std::initializer_list<int> calls) {
  for (const int call : calls) {
    // A call that this architecture does not have gets a negative number, and needs no rule.
    if (call < 0) continue;
    if (const int error = seccomp_rule_add(filter, action, call, 0); error != 0) {
      return fail(ErrorCode::kInternal,
                  "cannot filter system call " + std::to_string(call) + ": " + std::strerror(-error), "sandbox");
    }
  }
  return {};
}

Result<void> load(void* filter) {
  if (const int error = seccomp_load(filter); error != 0) {
    return fail(ErrorCode::kInternal, std::string("cannot load the system call filter: ") + std::strerror(-error),
                "sandbox");
  }
  return {};
}

}  // namespace

Result<void> set_limits(int parent, std::size_t memory_bytes) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return tl::unexpected(system_error("cannot tie the child to its parent"));
  if (getppid() != parent) return fail(ErrorCode::kStopped, "the parent is gone", "sandbox");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return tl::unexpected(system_error("cannot give up privileges"));
  constexpr rlim_t kFiles = 256;
  const auto limit = [](auto resource, rlim_t value) {
    const rlimit both{value, value};
    return setrlimit(resource, &both) == 0;
  };
  // AddressSanitizer's shadow alone takes 20 TB of address space.
#ifndef __SANITIZE_ADDRESS__
  if (!limit(RLIMIT_AS, memory_bytes)) return tl::unexpected(system_error("cannot bound memory"));
#else
  (void)memory_bytes;
#endif
  if (!limit(RLIMIT_NOFILE, kFiles)) return tl::unexpected(system_error("cannot bound open files"));
  if (!limit(RLIMIT_CORE, 0)) return tl::unexpected(system_error("cannot forbid core dumps"));
  return {};
}

void set_cpu_limit(std::size_t seconds) {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  rlimit limit{};
  getrlimit(RLIMIT_CPU, &limit);
  limit.rlim_cur = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec + 1) + seconds;
  setrlimit(RLIMIT_CPU, &limit);
}

Result<bool> restrict_files(const std::vector<std::string>& readable) {
  const auto abi = static_cast<int>(syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION));
  if (abi < 1) return false;
  LandlockRules rules;
  rules.files = all_file_rights(abi);
  if (abi >= 4) rules.network = kTcp;
  if (abi >= 6) rules.scoped = kScopes;
  const std::size_t size = abi >= 6 ? sizeof rules : abi >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
  const auto ruleset = static_cast<int>(syscall(SYS_landlock_create_ruleset, &rules, size, 0));
  if (ruleset < 0) return tl::unexpected(system_error("cannot make file rules"));
  bool done = allow_path(ruleset, "/dev/null", kFileOnly | LANDLOCK_ACCESS_FS_WRITE_FILE);
  for (const std::string& path : readable) done = done && allow_path(ruleset, path, kReading);
  done = done && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  auto error = system_error("cannot set file rules");
  close(ruleset);
  if (!done) return tl::unexpected(std::move(error));
  return true;
}

std::vector<std::string> system_libraries() {
  return {"/lib",
          "/lib64",
          "/usr/lib",
          "/usr/lib64",
          "/usr/local/lib",
          "/etc/ld.so.cache",
          "/etc/localtime",
          "/usr/share/zoneinfo",
          "/usr/share/locale",
          "/dev/urandom",
          "/dev/random"};
}

Result<void> allow_analysis_calls() {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (!filter) return fail(ErrorCode::kInternal, "cannot make a system call filter", "sandbox");
  const auto added = add_rules(
      filter.get(), SCMP_ACT_ALLOW,
      {SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close),
       SCMP_SYS(fstat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(lseek),
       SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
       SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(getcwd), SCMP_SYS(fadvise64),
       SCMP_SYS(fcntl), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mprotect),
       SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(membarrier), SCMP_SYS(futex), SCMP_SYS(rseq),
       SCMP_SYS(set_robust_list), SCMP_SYS(set_tid_address), SCMP_SYS(arch_prctl), SCMP_SYS(sched_yield),
       SCMP_SYS(sched_getaffinity), SCMP_SYS(getcpu), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
       SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom),
       SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
       SCMP_SYS(restart_syscall), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
       SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getrusage), SCMP_SYS(getrlimit), SCMP_SYS(setrlimit),
       SCMP_SYS(prlimit64), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(exit), SCMP_SYS(exit_group),
       // To fall to a later, stricter filter.
       SCMP_SYS(seccomp)});
  if (!added) return added;
  // Threads, but no processes; signals to the own process, so that abort() works. clone3 hides its flags from filters:
  // ENOSYS makes the C library use clone.
  constexpr std::uint64_t kThread = 0x00010000;  // CLONE_THREAD
  if (seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                       scmp_arg_cmp{0, SCMP_CMP_MASKED_EQ, kThread, kThread}) != 0 ||
      seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) != 0 ||
      seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                       scmp_arg_cmp{0, SCMP_CMP_EQ, static_cast<std::uint64_t>(getpid()), 0}) != 0) {
    return fail(ErrorCode::kInternal, "cannot filter clone and tgkill", "sandbox");
  }
  return load(filter.get());
}

Result<void> forbid_opening() {
  const Filter filter(seccomp_init(SCMP_ACT_ALLOW));
  if (!filter) return fail(ErrorCode::kInternal, "cannot make a system call filter", "sandbox");
  const auto added = add_rules(filter.get(), SCMP_ACT_ERRNO(EACCES), {SCMP_SYS(open), SCMP_SYS(openat)});
  if (!added) return added;
  return load(filter.get());
}

Result<void> forbid_escapes() {
  const Filter filter(seccomp_init(SCMP_ACT_ALLOW));
  if (!filter) return fail(ErrorCode::kInternal, "cannot make a system call filter", "sandbox");
  const auto added = add_rules(filter.get(), SCMP_ACT_ERRNO(EPERM),
                               {SCMP_SYS(socket),
                                SCMP_SYS(io_uring_setup),
                                SCMP_SYS(setsid),
                                SCMP_SYS(setpgid),
                                SCMP_SYS(ptrace),
                                SCMP_SYS(process_vm_readv),
                                SCMP_SYS(process_vm_writev),
                                SCMP_SYS(pidfd_open),
                                SCMP_SYS(pidfd_getfd),
                                SCMP_SYS(pidfd_send_signal),
                                SCMP_SYS(mount),
                                SCMP_SYS(umount2),
                                SCMP_SYS(pivot_root),
                                SCMP_SYS(chroot),
                                SCMP_SYS(unshare),
                                SCMP_SYS(setns),
                                SCMP_SYS(bpf),
                                SCMP_SYS(perf_event_open),
                                SCMP_SYS(userfaultfd),
                                SCMP_SYS(keyctl),
                                SCMP_SYS(add_key),
                                SCMP_SYS(request_key),
                                SCMP_SYS(init_module),
                                SCMP_SYS(finit_module),
                                SCMP_SYS(delete_module),
                                SCMP_SYS(kexec_load),
                                SCMP_SYS(reboot),
                                SCMP_SYS(swapon),
                                SCMP_SYS(swapoff)});
  if (!added) return added;
  return load(filter.get());
}

}  // namespace dprkwatch::plugin

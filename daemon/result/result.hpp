#pragma once
// Failures that are part of the job are values: a bad feed, a refused connection, a wrong line in the configuration.
// One Error type serves the whole program.

#include <string>
#include <tl/expected.hpp>

namespace dprkwatch {

// What kind of failure, for code that must decide; people read the message.
enum class ErrorCode {
  kInvalidInput,   // bytes or text that are not what they should be
  kInvalidConfig,  // the user's configuration or command line
  kNotFound,
  kRefused,      // by policy: a private address, a scheme, a limit on redirects
  kTooLarge,     // a limit on bytes, depth or count
  kTimeout,      // a limit on time
  kUnavailable,  // network or peer; likely to heal
  kStorage,      // the store could not read or write
  kPlugin,       // an analyzer failed
  kStopped,      // shutting down
  kInternal,     // a bug here
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  // what went wrong, what was expected, what to do
  std::string where;    // file:line:column, URL, feed or plugin; may be empty
};

template <class T>
using Result = tl::expected<T, Error>;

// `return fail(ErrorCode::kTimeout, "no answer in 30 s", url);`
[[nodiscard]] tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string where = {});

// A stable lower-case name: "invalid_input".
[[nodiscard]] const char* name_of(ErrorCode code) noexcept;

// "where: message", or the message alone.
[[nodiscard]] std::string describe(const Error& error);

}  // namespace dprkwatch

#pragma once
// robots.txt (RFC 9309): which pages of a host a program may fetch. Pure; safe to call from any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dprkwatch::fetch {

// The rules of one file that hold for one program.
class Robots {
 public:
  // Nothing is said: all is allowed.
  Robots() = default;
  // All is forbidden: the file could not be read for a fault of the server (RFC 9309 §2.3.1.4).
  [[nodiscard]] static Robots closed();
  // The group whose product token is that of `agent` ("dprkwatch"), else the group of "*"; what is no rule is passed
  // over. The first 500 KiB count (§2.5).
  [[nodiscard]] static Robots parse(std::string_view text, std::string_view agent);

  // Whether a path with its query ("/a/b?c") may be fetched: the longest rule that fits decides, allow before disallow
  // (§2.2.2). /robots.txt always may.
  [[nodiscard]] bool allows(std::string_view path) const;

 private:
  struct Rule {
    bool allow = false;
    std::size_t length = 0;  // of the path as it was written, percent-encoded: the longest decides
    std::string glob;
  };
  [[nodiscard]] static Rule make_rule(bool allow, std::string_view path);
  std::vector<Rule> rules_;
};

}  // namespace dprkwatch::fetch

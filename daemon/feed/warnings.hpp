#pragma once
// What was mended, collected for Feed::warnings. The codes are listed in docs/feed-formats.md and never change.

#include <string>
#include <string_view>
#include <vector>

#include "feed/feed.hpp"

namespace dprkwatch::feed {

// Keeps the first few of each code, so that a document that is wrong in a thousand places says so once.
class Warnings {
 public:
  // `line` counts from 1 at the place given by set_first_line(); 0 means unknown.
  void add(std::string_view code, std::size_t line, std::string message);
  // The document's line on which what is being read begins.
  void set_first_line(std::size_t line) noexcept { first_line_ = line; }
  [[nodiscard]] bool has(std::string_view code) const noexcept;
  // All of them, in the order in which they came; leaves nothing behind.
  [[nodiscard]] std::vector<Warning> take() noexcept { return std::move(kept_); }

 private:
  std::vector<Warning> kept_;
  std::size_t first_line_ = 1;
};

// A piece of untrusted text for a message: short, one line, no control characters.
[[nodiscard]] std::string excerpt(std::string_view text);

}  // namespace dprkwatch::feed

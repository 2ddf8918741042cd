#pragma once
// The feed that is being read, and how values get into it. What the formats share lives here.

#include <optional>
#include <string>
#include <string_view>

#include "feed/feed.hpp"
#include "feed/warnings.hpp"

namespace dprkwatch::feed {

// Where a reader stands, for warnings and for what is inherited.
class Position {
 public:
  virtual ~Position() = default;
  [[nodiscard]] virtual std::size_t line() const = 0;
  [[nodiscard]] virtual std::string_view base() const = 0;
  [[nodiscard]] virtual std::string_view language() const = 0;
};

struct Draft {
  Feed& feed;
  Warnings& warnings;
  const Limits& limits;
  const Position& position;

  // Reads a date; an impossible one is a warning and no date.
  [[nodiscard]] std::optional<Time> date(std::string_view text) const;
  // An absolute web URL, resolved here; anything else is a warning and "".
  [[nodiscard]] std::string web_url(std::string_view reference) const;
  // The same, where another scheme is no mistake (mailto: and the like); never warns.
  [[nodiscard]] std::string quiet_url(std::string_view reference) const;
  // A text construct of the present element, with a warning when characters of Windows-1252 had to be mended or HTML was
  // escaped twice, which XHTML never is.
  [[nodiscard]] Text text(std::string_view value, bool is_html, bool is_xhtml = false) const;
  // The same for what the document itself declares to be plain text.
  [[nodiscard]] Text plain_text(std::string_view value) const;
  // False, with a warning, when the feed is full.
  [[nodiscard]] bool has_room() const;
};

// What several sources can give: the one of higher rank stays, of equal ones the later.
[[nodiscard]] inline bool outranks(int rank, int& held) noexcept {
  if (rank < held) {
    return false;
  }
  held = rank;
  return true;
}

// Adds a tag that is not empty and not there yet.
void add_tag(std::vector<std::string>& tags, std::string_view tag);
// Adds each of a list divided by commas.
void add_tag_list(std::vector<std::string>& tags, std::string_view list);

// "mail (Name)", "Name (mail)", "Name <mail>", "mail" or a name.
[[nodiscard]] Person parse_person(std::string_view text);

// A decimal number with nothing after it; nothing otherwise.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

// A language tag as BCP 47 writes it: "en_US" becomes "en-US".
[[nodiscard]] std::string language_tag(std::string_view text);

}  // namespace dprkwatch::feed

#pragma once
// The text of one field, with markup inside it written back as markup.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "feed/xml_reader.hpp"

namespace dprkwatch::feed {

class Capture {
 public:
  enum class Mode {
    kRaw,    // characters are taken as they are: plain text, or HTML source that was escaped
    kXhtml,  // characters are text beside inline markup, so & and < are escaped again
  };

  // `limit` in bytes of what is kept.
  void start(Mode mode, std::size_t limit);
  void text(std::string_view text);
  // `base` is the base of links when it is another than the captured element's; else empty.
  void open(const Element& element, std::string_view base);
  // Returns true when the element that the capture began with has ended.
  [[nodiscard]] bool close();

  // An element was inside.
  [[nodiscard]] bool has_markup() const noexcept { return has_markup_; }
  [[nodiscard]] bool is_xhtml() const noexcept { return mode_ == Mode::kXhtml; }
  [[nodiscard]] bool is_cut() const noexcept { return is_cut_; }
  // Without blanks at the ends. Valid until the next start().
  [[nodiscard]] std::string_view value() const noexcept { return trimmed(buffer_); }

 private:
  void append(std::string_view text);
  void append_escaped(std::string_view text, bool in_attribute);

  Mode mode_ = Mode::kRaw;
  std::size_t limit_ = 0;
  std::string buffer_;  // kept between fields: its memory is reused
  // Names of the open elements, one after another, and where each begins.
  std::string names_;
  std::vector<std::size_t> name_starts_;
  bool has_markup_ = false;
  bool is_cut_ = false;
};

}  // namespace dprkwatch::feed

#pragma once
// The lowest layer of the repair: characters and references.

#include <string>
#include <string_view>

#include "feed/warnings.hpp"

namespace dprkwatch::feed {

// Where in the damaged document a mend happens; counts lines only when somebody is told.
class LineCounter {
 public:
  explicit LineCounter(std::string_view document) : document_{document} {}
  [[nodiscard]] std::size_t line_at(std::size_t offset);

 private:
  std::string_view document_;
  std::size_t counted_until_ = 0;
  std::size_t line_ = 1;
};

struct Mender {
  std::string& out;
  Warnings& warnings;
  LineCounter& lines;

  // Copies characters that are no markup: control characters dropped, references mended, '<' (and quotes) escaped.
  // `offset` is where `text` begins in the document.
  void copy_text(std::string_view text, std::size_t offset, bool in_attribute) const;
  // Copies the inside of a CDATA section, where only control characters can be wrong.
  void copy_cdata(std::string_view text, std::size_t offset) const;
  void warn(std::string_view code, std::size_t offset, std::string message) const {
    warnings.add(code, lines.line_at(offset), std::move(message));
  }

 private:
  // Mends what begins with '&'; returns how many bytes of `text` it was.
  [[nodiscard]] std::size_t copy_reference(std::string_view text, std::size_t offset) const;
  [[nodiscard]] bool copy_numeric(std::string_view digits, std::size_t offset) const;
  [[nodiscard]] std::size_t bad_character(std::string_view text, std::size_t at) const;
};

}  // namespace dprkwatch::feed

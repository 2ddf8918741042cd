#include "cli/table.hpp"

#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <algorithm>

#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

std::size_t width_of(UChar32 letter) {
  const auto type = u_charType(letter);
  if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) return 0;
  const int width = u_getIntPropertyValue(letter, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

// The longest beginning of a text that takes at most `width` columns, with "…" when something is left out.
std::string cut(std::string_view text, std::size_t width) {
  if (cli::width_of(text) <= width) return std::string(text);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  std::size_t taken = 1;  // of the "…"
  for (std::int32_t at = 0; at < size;) {
    const std::int32_t begin = at;
    UChar32 letter = 0;
    U8_NEXT_OR_FFFD(bytes, at, size, letter);
    taken += width_of(letter);
    if (taken > width) return std::string(text.substr(0, static_cast<std::size_t>(begin))) + "…";
  }
  return std::string(text);
}

}  // namespace

std::size_t width_of(std::string_view utf8) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  const auto size = static_cast<std::int32_t>(utf8.size());
  std::size_t width = 0;
  for (std::int32_t at = 0; at < size;) {
    UChar32 letter = 0;
    U8_NEXT_OR_FFFD(bytes, at, size, letter);
    width += width_of(letter);
  }
  return width;
}

void print_columns(std::ostream& output, const std::vector<Row>& rows, std::size_t width) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    if (row.size() == 1) continue;
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (const Row& row : rows) {
    std::string line = row.size() == 1 ? "    " : "";
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    output << (width == 0 ? line : cut(line, width)) << "\n";
  }
}

void print_fields(std::ostream& output, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) output << (i == 0 ? "" : "\t") << text::printable(row[i]);
    output << "\n";
  }
}

std::size_t terminal_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0) return 0;
  constexpr std::size_t kUsual = 80;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

}  // namespace dprkwatch::cli

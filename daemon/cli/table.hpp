#pragma once
// A table for people on a terminal, or lines of fields for programs. Private to cli.

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace dprkwatch::cli {

// Columns that a text takes on a terminal: 2 for wide letters (Korean, Chinese, Japanese), 0 for marks on letters.
[[nodiscard]] std::size_t width_of(std::string_view utf8);

using Row = std::vector<std::string>;

// Columns as wide as their widest cell; lines are cut with "…" at `width` (0: never). A row of one cell is a remark to
// the row above, indented and without columns. Cells must be printable.
void print_columns(std::ostream& output, const std::vector<Row>& rows, std::size_t width);

// Cells with tabs between, whatever they hold made printable: one line a row.
void print_fields(std::ostream& output, const std::vector<Row>& rows);

// Columns of the terminal that standard output is; nothing for anything else.
[[nodiscard]] std::size_t terminal_width();

}  // namespace dprkwatch::cli

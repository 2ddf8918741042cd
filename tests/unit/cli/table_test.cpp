#include "cli/table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace dprkwatch::cli {
namespace {

std::string columns(const std::vector<Row>& rows, std::size_t width) {
  std::ostringstream output;
  print_columns(output, rows, width);
  return output.str();
}

TEST(Table, WideLettersTakeTwoColumnsAndMarksNone) {
  EXPECT_EQ(width_of("wire"), 4U);
  EXPECT_EQ(width_of("북한"), 4U);
  EXPECT_EQ(width_of("北朝鮮"), 6U);
  EXPECT_EQ(width_of("e\xCC\x81"), 1U);
  EXPECT_EQ(width_of("\xFF"), 1U);
}

TEST(Table, ColumnsLineUp) {
  EXPECT_EQ(columns({{"name", "state", "note"}, {"북한", "good", ""}, {"longer", "x", "y"}}, 0),
            "name    state  note\n북한    good\nlonger  x      y\n");
}

TEST(Table, ARemarkStandsBelowItsRow) {
  EXPECT_EQ(columns({{"a", "b"}, {"a remark longer than all"}, {"cc", "d"}}, 0),
            "a   b\n    a remark longer than all\ncc  d\n");
}

TEST(Table, LinesAreCutBetweenLetters) {
  EXPECT_EQ(columns({{"a", "북한 뉴스"}}, 8), "a  북한…\n");
  EXPECT_EQ(columns({{"a", "북한 뉴스"}}, 7), "a  북…\n");
  EXPECT_EQ(columns({{"a", "북한"}}, 7), "a  북한\n");
}

TEST(Table, FieldsHoldNoTabsOrLineEnds) {
  std::ostringstream output;
  print_fields(output, {{"a\tb", "c\nd", ""}, {"\x1b[31m", "e", "f"}});
  EXPECT_EQ(output.str(), "a\\u{9}b\tc\\u{A}d\t\n\\u{1B}[31m\te\tf\n");
}

}  // namespace
}  // namespace dprkwatch::cli

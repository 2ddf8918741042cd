#pragma once
// The tokens of an HTML document, in one linear pass and constant memory (WHATWG HTML §13.2.5).
//
// Why beside gumbo: gumbo builds a tree at 18 MB/s (3.2 KB in 165 us, so 6,000 entries/s on one core before anything
// else is done), and needs 15 s for 100,000 nested <div> (500 KB). Plain text needs the tokens only, and these take
// less than a tenth of that for any input. What must become safe HTML goes through the tree: see html_tree.hpp.

#include <gumbo.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace dprkwatch::article {

constexpr std::size_t kMostHtmlBytes = 5 * 1024 * 1024;

// The first kMostHtmlBytes of a document.
[[nodiscard]] std::string_view cut_html(std::string_view html);

// Elements without content and end tag (WHATWG HTML §13.1.2).
[[nodiscard]] bool is_void(GumboTag tag);

struct HtmlToken {
  enum class Kind { kText, kStart, kEnd };
  Kind kind = Kind::kText;
  GumboTag tag = GUMBO_TAG_UNKNOWN;
  std::string_view name;        // of the tag, as it stands
  std::string_view text;        // kText: as it stands, references not decoded
  std::string_view attributes;  // kStart: all between the name and '>'
};

// Comments, doctypes and the contents of script, style, title, textarea and their like are passed over. The views
// point into the document given.
class HtmlTokens {
 public:
  explicit HtmlTokens(std::string_view html) : html_(html) {}

  // False at the end.
  bool next(HtmlToken& token);

  // What follows the name of the first tag that the end of the document cuts off; empty when there is none.
  [[nodiscard]] std::string_view unfinished() const { return unfinished_; }

 private:
  bool read_tag(HtmlToken& token, HtmlToken::Kind kind, std::size_t name_begin);
  void read_text(HtmlToken& token);
  void skip_declaration();
  void skip_past(std::string_view mark, std::size_t from);
  void skip_raw_text(std::string_view name);
  std::size_t end_of_tag(std::size_t from);
  std::size_t end_of_quoted(std::size_t from);

  std::string_view html_;
  std::string_view unfinished_;
  std::size_t at_ = 0;
  unsigned literal_tags_ = 0;
  // From here on there is no such quote: an unclosed attribute value is looked for once, not once a tag.
  std::size_t no_double_quote_from_ = std::string_view::npos;
  std::size_t no_single_quote_from_ = std::string_view::npos;
};

struct HtmlAttribute {
  std::string_view name;   // as it stands; compare without case
  std::string_view value;  // without quotes, references not decoded
};

// The attributes of a start tag, one after the other. `rest` shrinks; false at the end.
bool next_attribute(std::string_view& rest, HtmlAttribute& attribute);

// The document without the marks of CDATA sections. HTML has none, a browser hides `<![CDATA[...>` as a comment; but a
// feed that left them in means the text between. `storage` keeps the changed copy where one is needed.
[[nodiscard]] std::string_view without_cdata_marks(std::string_view html, std::string& storage);

// ASCII only, as HTML compares names.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view lower_case_b);

}  // namespace dprkwatch::article

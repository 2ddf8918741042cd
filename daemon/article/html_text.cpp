// HTML to plain text from its tokens, in one pass.

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "article/article.hpp"
#include "article/html_entities.hpp"
#include "article/html_shown.hpp"
#include "article/html_style.hpp"
#include "article/html_tokens.hpp"
#include "article/html_tree.hpp"

namespace dprkwatch::article {
namespace {

// Whether the start of `next` ends an open `tag` whose own end tag may be missing (§13.1.2.4).
constexpr bool is_ended_by_start_of(GumboTag tag, GumboTag next) {
  switch (tag) {
    case GUMBO_TAG_P:
      return kShownAs[next] == Shown::kBlock && next != GUMBO_TAG_BR;
    case GUMBO_TAG_RT:
    case GUMBO_TAG_RP:
      return next == GUMBO_TAG_RT || next == GUMBO_TAG_RP;
    case GUMBO_TAG_DT:
    case GUMBO_TAG_DD:
      return next == GUMBO_TAG_DT || next == GUMBO_TAG_DD;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
      return next == GUMBO_TAG_TD || next == GUMBO_TAG_TH || next == GUMBO_TAG_TR;
    case GUMBO_TAG_LI:
    case GUMBO_TAG_TR:
      return tag == next;
    default:
      return false;
  }
}

bool says_hidden(std::string_view attributes) {
  constexpr std::size_t kShortest = std::string_view(" hidden").size();
  if (attributes.size() < kShortest) return false;
  HtmlAttribute attribute;
  while (next_attribute(attributes, attribute)) {
    if (equals_ignoring_case(attribute.name, "hidden")) return true;
    if (equals_ignoring_case(attribute.name, "style") && style_hides(attribute.value)) return true;
  }
  return false;
}

// How many elements of each name are open; enough to tell the end tag of an element from a stray one.
class OpenTags {
 public:
  void open(GumboTag tag) { ++count_[tag]; }
  bool close(GumboTag tag) {
    if (count_[tag] == 0) return false;
    --count_[tag];
    return true;
  }
  [[nodiscard]] bool has(GumboTag tag) const { return count_[tag] > 0; }

 private:
  std::array<std::uint32_t, GUMBO_TAG_LAST + 1> count_{};
};

// Finds the end of an element that isn't shown.
class Unseen {
 public:
  [[nodiscard]] bool is_inside() const { return !stack_.empty(); }

  void enter(GumboTag tag) {
    stack_.push_back(tag);
    open_.open(tag);
  }

  // True when the start tag belongs to what is not shown; false when it ends that.
  bool takes_start(GumboTag tag) {
    if (stack_.size() == 1 && is_ended_by_start_of(stack_.front(), tag)) {
      leave_all();
      return false;
    }
    if (!is_void(tag)) enter(tag);
    return true;
  }

  // True when the end tag belongs to what is not shown; false when it ends that by ending an element around it.
  bool takes_end(GumboTag tag, const OpenTags& around) {
    if (open_.has(tag)) {
      GumboTag last = GUMBO_TAG_LAST;
      do {
        last = stack_.back();
        stack_.pop_back();
        open_.close(last);
      } while (last != tag);
      return true;
    }
    if (tag == GUMBO_TAG_P || !around.has(tag)) return true;
    leave_all();
    return false;
  }

 private:
  void leave_all() {
    stack_.clear();
    open_ = {};
  }

  std::vector<GumboTag> stack_;
  OpenTags open_;
};

// Writes text with '\n' where a line ends; clean_text() brings it into form.
class TextWriter {
 public:
  // Without any tag, empty lines are all the borders that a text has.
  TextWriter(std::size_t bytes, bool has_tags) : keeps_empty_lines_(!has_tags) { out_.reserve(bytes); }

  void add(const HtmlToken& token) {
    switch (token.kind) {
      case HtmlToken::Kind::kText:
        if (!unseen_.is_inside()) add_text(token.text);
        return;
      case HtmlToken::Kind::kStart:
        return add_start(token);
      case HtmlToken::Kind::kEnd:
        return add_end(token.tag);
    }
  }

  void add_text(std::string_view text) {
    const auto begin = static_cast<std::ptrdiff_t>(out_.size());
    if (text.find('&') == std::string_view::npos) {
      out_.append(text);
    } else {
      references_.decode(text, out_);
    }
    if (preformatted_ == 0) join_lines(out_.begin() + begin, out_.end(), keeps_empty_lines_);
  }

  std::string take() && { return std::move(out_); }

 private:
  static void join_lines(std::string::iterator begin, std::string::iterator end, bool keeps_empty_lines) {
    int line_breaks = 0;
    for (; begin != end; ++begin) {
      if (*begin == '\n' || *begin == '\r' || *begin == '\f' || *begin == '\v') {
        if (*begin == '\n') ++line_breaks;
        if (!keeps_empty_lines || line_breaks < 2) *begin = ' ';
      } else if (*begin != ' ' && *begin != '\t') {
        line_breaks = 0;
      }
    }
  }

  void add_start(const HtmlToken& token) {
    if (unseen_.is_inside() && unseen_.takes_start(token.tag)) return;
    const auto shown = kShownAs[token.tag];
    border(shown);
    if (is_void(token.tag)) return;
    if (shown == Shown::kUnseen || says_hidden(token.attributes)) return unseen_.enter(token.tag);
    open_.open(token.tag);
    if (shown == Shown::kQuote) out_ += "\u201C";
    if (keeps_line_breaks(token.tag)) ++preformatted_;
  }

  void add_end(GumboTag tag) {
    if (unseen_.is_inside() && unseen_.takes_end(tag, open_)) return;
    const bool was_open = open_.close(tag);
    const auto shown = kShownAs[tag];
    if (was_open && shown == Shown::kQuote) out_ += "\u201D";
    if (was_open && keeps_line_breaks(tag)) --preformatted_;
    border(shown);
  }

  void border(Shown shown) {
    if (shown == Shown::kBlock) out_.push_back('\n');
    if (shown == Shown::kCell) out_.push_back(' ');
  }

  std::string out_;
  References references_;
  OpenTags open_;
  Unseen unseen_;
  int preformatted_ = 0;
  bool keeps_empty_lines_;
};

}  // namespace

std::string html_to_text(std::string_view html) {
  html = cut_html(html);
  std::string storage;
  html = without_cdata_marks(html, storage);
  const bool has_tags = html.find('<') != std::string_view::npos;
  TextWriter writer(html.size(), has_tags);
  if (!has_tags) {
    writer.add_text(html);
    return clean_text(std::move(writer).take());
  }
  HtmlTokens tokens(html);
  for (HtmlToken token; tokens.next(token);) writer.add(token);
  return clean_text(std::move(writer).take());
}

}  // namespace dprkwatch::article

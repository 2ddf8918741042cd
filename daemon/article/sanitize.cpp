// HTML by allow-list: only what stands here comes out, written anew from the tree.
//
// The output nests as HTML's content model has it, so that any parser builds the same tree from it again: markup that
// changes its meaning on the second reading is how sanitisers are tricked ("mutation XSS"). Sanitising twice gives the
// same as once.

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "article/article.hpp"
#include "article/html_escape.hpp"
#include "article/html_tokens.hpp"
#include "article/html_tree.hpp"
#include "article/tracking.hpp"
#include "article/url.hpp"

namespace dprkwatch::article {
namespace {

enum class Treatment {
  kUnwrap,  // the tags go, the content stays
  kKeep,
  kAsDiv,  // kept as <div>, for its border
  kDrop,   // with all its content
};

constexpr Treatment treatment_of(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_A:
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_B:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_BR:
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_CITE:
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_DEL:
    case GUMBO_TAG_DFN:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_I:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_INS:
    case GUMBO_TAG_KBD:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_MARK:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_P:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_Q:
    case GUMBO_TAG_RP:
    case GUMBO_TAG_RT:
    case GUMBO_TAG_RUBY:
    case GUMBO_TAG_S:
    case GUMBO_TAG_SAMP:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_TH:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TIME:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_U:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_VAR:
    case GUMBO_TAG_WBR:
      return Treatment::kKeep;
    case GUMBO_TAG_ADDRESS:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_DETAILS:
    case GUMBO_TAG_DIR:
    case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_HGROUP:
    case GUMBO_TAG_LEGEND:
    case GUMBO_TAG_LISTING:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_MENU:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_PLAINTEXT:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_SUMMARY:
    case GUMBO_TAG_XMP:
      return Treatment::kAsDiv;
    case GUMBO_TAG_APPLET:
    case GUMBO_TAG_AUDIO:
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_CANVAS:
    case GUMBO_TAG_COL:
    case GUMBO_TAG_COLGROUP:
    case GUMBO_TAG_DATALIST:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_FRAME:
    case GUMBO_TAG_FRAMESET:
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_LINK:
    case GUMBO_TAG_MATH:
    case GUMBO_TAG_META:
    case GUMBO_TAG_NOEMBED:
    case GUMBO_TAG_NOFRAMES:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_TEXTAREA:
    case GUMBO_TAG_TITLE:
    case GUMBO_TAG_VIDEO:
      return Treatment::kDrop;
    default:
      return Treatment::kUnwrap;
  }
}

enum class Value { kText, kPageUrl, kImageUrl, kNumber, kDirection };

struct AllowedAttribute {
  GumboTag tag;  // GUMBO_TAG_LAST: of any element
  const char* name;
  Value value;
};
constexpr std::array kAllowed = std::to_array<AllowedAttribute>({
    {GUMBO_TAG_A, "href", Value::kPageUrl},
    {GUMBO_TAG_BLOCKQUOTE, "cite", Value::kPageUrl},
    {GUMBO_TAG_Q, "cite", Value::kPageUrl},
    {GUMBO_TAG_IMG, "src", Value::kImageUrl},
    {GUMBO_TAG_IMG, "alt", Value::kText},
    {GUMBO_TAG_IMG, "width", Value::kNumber},
    {GUMBO_TAG_IMG, "height", Value::kNumber},
    {GUMBO_TAG_OL, "start", Value::kNumber},
    {GUMBO_TAG_TD, "colspan", Value::kNumber},
    {GUMBO_TAG_TD, "rowspan", Value::kNumber},
    {GUMBO_TAG_TH, "colspan", Value::kNumber},
    {GUMBO_TAG_TH, "rowspan", Value::kNumber},
    {GUMBO_TAG_TIME, "datetime", Value::kText},
    {GUMBO_TAG_LAST, "dir", Value::kDirection},
    {GUMBO_TAG_LAST, "lang", Value::kText},
    {GUMBO_TAG_LAST, "title", Value::kText},
});

constexpr bool is_heading(GumboTag tag) {
  return tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6;
}
constexpr bool is_table_part(GumboTag tag) {
  return tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_THEAD || tag == GUMBO_TAG_TFOOT ||
         tag == GUMBO_TAG_TR;
}

// Elements whose start closes an open <p> (WHATWG HTML §13.2.6.4.7), and <table>, which does so outside quirks mode.
constexpr bool closes_paragraph(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_P:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_UL:
      return true;
    default:
      return is_heading(tag);
  }
}

constexpr GumboTag kNoParent = GUMBO_TAG_LAST;

// Whether `tag` may stand directly inside `parent`.
constexpr bool may_stand_in(GumboTag tag, GumboTag parent) {
  switch (tag) {
    case GUMBO_TAG_LI:
      return parent == GUMBO_TAG_UL || parent == GUMBO_TAG_OL;
    case GUMBO_TAG_DT:
    case GUMBO_TAG_DD:
      return parent == GUMBO_TAG_DL;
    case GUMBO_TAG_RT:
    case GUMBO_TAG_RP:
      return parent == GUMBO_TAG_RUBY;
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TFOOT:
      return parent == GUMBO_TAG_TABLE;
    case GUMBO_TAG_TR:
      return parent == GUMBO_TAG_TBODY || parent == GUMBO_TAG_THEAD || parent == GUMBO_TAG_TFOOT;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
      return parent == GUMBO_TAG_TR;
    default:
      return !is_table_part(parent);
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_direction(std::string_view text) {
  return equals_ignoring_case(text, "ltr") || equals_ignoring_case(text, "rtl") || equals_ignoring_case(text, "auto");
}

// Writes the allowed part of a tree.
class SafeWriter {
 public:
  SafeWriter(std::size_t bytes, std::string_view base_url) : base_url_(base_url) { out_.reserve(bytes + bytes / 4); }

  void write(const GumboNode& root) {
    TreeWalk walk(root);
    for (TreeWalk::Step step; walk.next(step);) {
      if (step.is_leaving) {
        leave(*step.node);
      } else if (is_element(*step.node)) {
        if (!enter(*step.node)) walk.skip_children();
      } else if (step.node->type != GUMBO_NODE_COMMENT) {
        add_text(step.node->v.text.text);
      }
    }
    close_down_to(0);
  }

  std::string take() && { return std::move(out_); }

 private:
  static constexpr std::size_t kMostDepth = 100;  // deeper elements are unwrapped

  struct Open {
    GumboTag tag;
    const GumboNode* node;  // whose leaving closes it
  };

  // False when nothing of the element is to be seen.
  bool enter(const GumboNode& node) {
    const auto& element = node.v.element;
    if (element.tag_namespace != GUMBO_NAMESPACE_HTML || node.type == GUMBO_NODE_TEMPLATE || is_hidden(node) ||
        (node.parse_flags & GUMBO_INSERTION_FROM_ISINDEX) != 0) {  // gumbo would add English words
      return false;
    }
    const auto treatment = treatment_of(element.tag);
    if (treatment == Treatment::kDrop) return false;
    if (treatment == Treatment::kUnwrap) return true;
    auto tag = treatment == Treatment::kAsDiv ? GUMBO_TAG_DIV : element.tag;
    if (tag == GUMBO_TAG_A && is_open(GUMBO_TAG_A)) return true;
    if (is_heading(tag) && std::ranges::any_of(open_, is_heading, &Open::tag)) tag = GUMBO_TAG_DIV;
    if (closes_paragraph(tag)) close_paragraph();
    if (!may_stand_in(tag, parent())) {
      if (is_table_part(parent()) || tag == GUMBO_TAG_RT || tag == GUMBO_TAG_RP) return true;
      tag = GUMBO_TAG_DIV;
      close_paragraph();
    }
    const std::size_t levels = tag == GUMBO_TAG_TABLE ? 4 : 1;  // a table is kept with its cells or not at all
    if (open_.size() + levels <= kMostDepth) start(tag, node);
    return true;
  }

  void leave(const GumboNode& node) {
    const auto found = std::ranges::find(open_.rbegin(), open_.rend(), &node, &Open::node);
    if (found != open_.rend()) close_down_to(static_cast<std::size_t>(open_.rend() - found) - 1);
  }

  void start(GumboTag tag, const GumboNode& node) {
    if (tag == GUMBO_TAG_IMG && !is_picture(node)) return;
    begins_pre_ = false;
    out_ += '<';
    out_ += gumbo_normalized_tagname(tag);
    for (const auto& allowed : kAllowed) {
      if (allowed.tag == tag || allowed.tag == GUMBO_TAG_LAST) add_attribute(allowed, node);
    }
    out_ += '>';
    if (is_void(tag)) return;
    open_.push_back({tag, &node});
    begins_pre_ = tag == GUMBO_TAG_PRE;
  }

  bool is_picture(const GumboNode& node) const {
    const auto source = attribute_of(node, "src");
    if (source.find_first_not_of(" \t\r\n") == std::string_view::npos) return false;
    const auto url = resolve_link(source, base_url_, LinkUse::kImage);
    return !url.empty() && !is_tracking_image(node, url);
  }

  void add_attribute(const AllowedAttribute& allowed, const GumboNode& node) {
    const auto* found = gumbo_get_attribute(&node.v.element.attributes, allowed.name);
    if (found == nullptr) return;
    std::string value = found->value;
    switch (allowed.value) {
      case Value::kText:
        break;
      case Value::kPageUrl:
      case Value::kImageUrl:
        value = resolve_link(value, base_url_, allowed.value == Value::kImageUrl ? LinkUse::kImage : LinkUse::kPage);
        if (value.empty()) return;
        break;
      case Value::kNumber:
        if (!is_number(value)) return;
        break;
      case Value::kDirection:
        if (!is_direction(value)) return;
        break;
    }
    out_ += ' ';
    out_ += allowed.name;
    out_ += "=\"";
    append_escaped_value(value, out_);
    out_ += '"';
  }

  void add_text(std::string_view text) {
    // Text directly in a table can only be blank: the parser has moved the rest out.
    if (is_table_part(parent()) && text.find_first_not_of(" \t\n\r\f") != std::string_view::npos) return;
    const auto begin = out_.size();
    append_escaped_text(text, out_);
    if (out_.size() == begin) return;
    // A parser drops the first line break of <pre> (§13.2.6.4.7).
    if (begins_pre_ && out_[begin] == '\n') out_.insert(begin, 1, '\n');
    begins_pre_ = false;
  }

  [[nodiscard]] GumboTag parent() const { return open_.empty() ? kNoParent : open_.back().tag; }
  [[nodiscard]] bool is_open(GumboTag tag) const { return std::ranges::find(open_, tag, &Open::tag) != open_.end(); }

  void close_paragraph() {
    const auto found = std::ranges::find(open_, GUMBO_TAG_P, &Open::tag);
    if (found != open_.end()) close_down_to(static_cast<std::size_t>(found - open_.begin()));
  }

  void close_down_to(std::size_t depth) {
    while (open_.size() > depth) {
      out_ += "</";
      out_ += gumbo_normalized_tagname(open_.back().tag);
      out_ += '>';
      open_.pop_back();
    }
    begins_pre_ = false;
  }

  std::string out_;
  std::string_view base_url_;
  std::vector<Open> open_;
  bool begins_pre_ = false;
};

}  // namespace

namespace {

// A parser leaves out blanks before the first element, so that they would be gone the second time.
std::string trimmed(std::string html) {
  constexpr std::string_view kBlanks = " \t\n\r\f";
  html.erase(html.find_last_not_of(kBlanks) + 1);
  html.erase(0, html.find_first_not_of(kBlanks));
  return html;
}

}  // namespace

std::string sanitize_html(std::string_view html, std::string_view base_url) {
  html = cut_html(html);
  std::string storage;
  html = without_cdata_marks(html, storage);
  if (html.find_first_of("<&\r") == std::string_view::npos) {
    std::string text;
    append_escaped_text(html, text);
    return trimmed(std::move(text));
  }
  const auto tree = HtmlTree::parse(html);
  if (!tree) return text_to_html(html_to_text(html));
  SafeWriter writer(html.size(), base_url);
  writer.write(tree->root());
  return trimmed(std::move(writer).take());
}

}  // namespace dprkwatch::article

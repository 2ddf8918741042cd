#include "feed/repair.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "feed/encoding.hpp"
#include "feed/names.hpp"
#include "feed/repair_tag.hpp"
#include "feed/repair_text.hpp"

namespace dprkwatch::feed {
namespace {

constexpr std::size_t kMaxOpen = 1024;  // elements at one time; the reader takes far fewer
constexpr auto kNowhere = std::string_view::npos;

bool contains(const auto& names, std::string_view name) noexcept {
  return std::ranges::any_of(names, [&](std::string_view other) { return equals_ignoring_case(other, name); });
}

// Fields that hold text alone: the beginning of any other field ends them.
constexpr std::array<std::string_view, 16> kShortFields = {
    "title",     "link",    "guid", "pubdate", "author",     "category", "comments",      "language",
    "published", "updated", "id",   "dc:date", "dc:creator", "ttl",      "lastbuilddate", "copyright"};
// Fields that may hold unescaped HTML: only what HTML does not have ends them.
constexpr std::array<std::string_view, 4> kLongFields = {"description", "summary", "content:encoded", "content"};
constexpr std::array<std::string_view, 18> kFieldsThatHtmlLacks = {
    "item",     "entry",       "guid",       "pubdate",         "author",  "category",
    "comments", "description", "enclosure",  "published",       "updated", "id",
    "dc:date",  "dc:creator",  "dc:subject", "content:encoded", "channel", "image"};
constexpr std::array<std::string_view, 4> kFieldsThatHtmlHas = {"title", "link", "summary", "content"};

bool is_entry(std::string_view name) noexcept {
  return equals_ignoring_case(name, "item") || equals_ignoring_case(name, "entry");
}

class XmlRepair {
 public:
  XmlRepair(std::string_view in, Warnings& warnings) : in_{in}, lines_{in}, mender_{out_, warnings, lines_} {
    out_.reserve(in.size() + in.size() / 16 + 64);
  }

  std::string run();

 private:
  struct Open {
    std::string_view name;
    std::size_t out_begin;  // where its start tag is in out_
  };

  void take_text();
  void take_markup();
  void take_comment();
  void take_cdata();
  void take_declaration();
  void take_instruction();
  void take_doctype();
  void take_end_tag();
  void take_start_tag();
  void close_fields_before(std::string_view name);
  void push(std::string_view name, std::size_t out_begin);
  void close_top();
  void close_down_to(std::size_t depth);
  void end_document();
  void drop_until(std::size_t end);
  [[nodiscard]] std::size_t find_open(std::string_view name) const;
  static std::size_t bucket_of(std::string_view name) noexcept;

  std::string_view in_;
  std::string out_;
  LineCounter lines_;
  Mender mender_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  // How many open elements fall into each bucket of names: a stray end tag is known without looking through them all.
  std::array<std::uint32_t, 256> open_by_bucket_{};
  std::size_t field_at_ = kNowhere;  // index in open_ of the field that is being read
  std::size_t too_deep_ = 0;
  bool root_ended_ = false;
  bool no_instruction_ends_ = false;
  bool saw_doctype_ = false;
};

std::string XmlRepair::run() {
  while (at_ < in_.size()) {
    if (in_[at_] == '<') {
      take_markup();
    } else {
      take_text();
    }
  }
  end_document();
  return std::move(out_);
}

void XmlRepair::take_text() {
  const std::size_t end = std::min(in_.find('<', at_), in_.size());
  const std::string_view text = in_.substr(at_, end - at_);
  if (open_.empty()) {
    if (root_ended_ && !trimmed(text).empty()) {
      mender_.warn("trailing-junk", at_, "what follows the document is left out");
    }
    drop_until(end);
    return;
  }
  mender_.copy_text(text, at_, false);
  at_ = end;
}

void XmlRepair::take_markup() {
  const std::string_view rest = in_.substr(at_);
  if (rest.starts_with("<!--")) {
    take_comment();
  } else if (rest.starts_with("<![CDATA[")) {
    take_cdata();
  } else if (rest.starts_with("<!")) {
    take_declaration();
  } else if (rest.starts_with("<?")) {
    take_instruction();
  } else if (rest.size() > 2 && rest[1] == '/' && is_name_start(rest[2])) {
    take_end_tag();
  } else if (rest.size() > 1 && is_name_start(rest[1])) {
    take_start_tag();
  } else {
    mender_.warn("bare-less-than", at_, "a '<' that begins no tag is not escaped");
    if (!open_.empty()) {
      out_ += "&lt;";
    }
    ++at_;
  }
}

// Leaves out the input up to `end`, but for its newlines.
void XmlRepair::drop_until(std::size_t end) {
  out_.append(static_cast<std::size_t>(std::ranges::count(in_.substr(at_, end - at_), '\n')), '\n');
  at_ = end;
}

void XmlRepair::take_comment() {
  const std::size_t end = in_.find("-->", at_ + 4);
  if (end == kNowhere) {
    mender_.warn("bad-markup", at_, "a comment does not end");
    drop_until(in_.size());
    return;
  }
  drop_until(end + 3);
}

void XmlRepair::take_cdata() {
  constexpr std::size_t kOpening = std::string_view{"<![CDATA["}.size();
  const std::size_t found = in_.find("]]>", at_);
  const std::size_t end = std::min(found, in_.size());
  if (open_.empty()) {
    drop_until(std::min(end + 3, in_.size()));
    return;
  }
  out_ += "<![CDATA[";
  if (at_ + kOpening < end) {
    mender_.copy_cdata(in_.substr(at_ + kOpening, end - at_ - kOpening), at_ + kOpening);
  }
  out_ += "]]>";
  at_ = std::min(end + 3, in_.size());
}

void XmlRepair::take_declaration() {
  constexpr std::string_view kDoctype = "<!DOCTYPE";
  if (equals_ignoring_case(in_.substr(at_, kDoctype.size()), kDoctype)) {
    take_doctype();
    return;
  }
  mender_.warn("bad-markup", at_, "a declaration inside the document is left out");
  const std::size_t end = in_.find('>', at_);
  drop_until(end == kNowhere ? in_.size() : end + 1);
}

// Ends at the '>' that is neither inside brackets nor inside quotes nor inside a comment.
void XmlRepair::take_doctype() {
  std::size_t end = at_ + 9;
  bool in_subset = false;
  char quote = 0;
  for (; end < in_.size() && !saw_doctype_; ++end) {
    const char c = in_[end];
    if (quote != 0) {
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[') {
      in_subset = true;
    } else if (c == ']') {
      in_subset = false;
    } else if (c == '>' && !in_subset) {
      break;
    }
  }
  if (!open_.empty() || root_ended_) {
    mender_.warn("bad-markup", at_, "a document type declaration inside the document is left out");
  }
  if (end == in_.size() || saw_doctype_) {
    // Its quotes or brackets do not match, or it is not the only one: take the shortest reading.
    end = in_.find('>', at_);
    end = end == kNowhere ? in_.size() - 1 : end;
    mender_.warn("bad-markup", at_, "a document type declaration does not end as it should");
  }
  saw_doctype_ = true;
  if (in_.substr(at_, end - at_).find("<!ENTITY") != kNowhere) {
    mender_.warn("entity-declaration", at_, "entity declarations are refused");
  }
  drop_until(end + 1);
}

void XmlRepair::take_instruction() {
  if (at_ > 0 && open_.empty() && !root_ended_ && in_.substr(at_).starts_with("<?xml ")) {
    mender_.warn("leading-junk", at_, "the XML declaration is not at the beginning");
  }
  const std::size_t end = no_instruction_ends_ ? kNowhere : in_.find("?>", at_);
  if (end == kNowhere) {
    no_instruction_ends_ = true;  // or each further one would search to the end again
    const std::size_t bracket = in_.find('>', at_);
    mender_.warn("bad-markup", at_, "a processing instruction does not end as it should");
    drop_until(bracket == kNowhere ? in_.size() : bracket + 1);
    return;
  }
  drop_until(end + 2);
}

void XmlRepair::take_end_tag() {
  const std::size_t name_end = end_of_name(in_, at_ + 2);
  const std::string_view name = in_.substr(at_ + 2, name_end - at_ - 2);
  const std::size_t begin = at_;
  std::size_t end = in_.find_first_of("<>", name_end);
  if (end == kNowhere) {
    drop_until(in_.size());
    return;
  }
  end += in_[end] == '>' ? 1 : 0;
  if (too_deep_ > 0) {
    --too_deep_;
    drop_until(end);
    return;
  }
  const std::size_t index = find_open(name);
  if (index == kNowhere) {
    mender_.warn("stray-end-tag", begin, "'</" + excerpt(name) + ">' ends nothing");
    drop_until(end);
    return;
  }
  if (index + 1 < open_.size()) {
    mender_.warn("missing-end-tag", begin, "'</" + excerpt(open_.back().name) + ">' is missing");
  }
  close_down_to(index);
  drop_until(end);
}

void XmlRepair::take_start_tag() {
  if (root_ended_ && open_.empty()) {
    mender_.warn("trailing-junk", at_, "what follows the document is left out");
    drop_until(in_.size());
    return;
  }
  const std::size_t name_end = end_of_name(in_, at_ + 1);
  const std::string_view name = in_.substr(at_ + 1, name_end - at_ - 1);
  const std::size_t tag_end = find_tag_end(in_, name_end);
  if (tag_end == kNowhere || in_[tag_end] == '<') {
    if (tag_end == kNowhere) {
      drop_until(in_.size());
      return;
    }
    // Another tag begins before this one ends, so this was text: "a <b and c <p>".
    mender_.warn("bare-less-than", at_, "a '<' that begins no tag is not escaped");
    if (!open_.empty()) {
      out_ += "&lt;";
    }
    ++at_;
    return;
  }
  if (open_.size() >= kMaxOpen) {
    const bool is_self_closing = in_[tag_end - 1] == '/';
    too_deep_ += is_self_closing ? 0 : 1;
    drop_until(tag_end + 1);
    return;
  }
  close_fields_before(name);
  const std::size_t out_begin = out_.size();
  out_ += '<';
  out_ += name;
  const bool is_self_closing = copy_attributes(in_, name_end, tag_end, mender_);
  out_.append(static_cast<std::size_t>(std::ranges::count(in_.substr(at_, tag_end - at_), '\n')), '\n');
  at_ = tag_end + 1;
  if (is_self_closing) {
    out_ += "/>";
    root_ended_ = open_.empty();
    return;
  }
  out_ += '>';
  push(name, out_begin);
}

// A field or entry that begins where another is still open ends that one.
void XmlRepair::close_fields_before(std::string_view name) {
  if (is_entry(name)) {
    const std::size_t index = find_open(name);
    if (index != kNowhere && index > 0) {
      mender_.warn("missing-end-tag", at_, "'</" + excerpt(open_[index].name) + ">' is missing");
      close_down_to(index);
      return;
    }
  }
  if (field_at_ == kNowhere) {
    return;
  }
  const bool is_short = contains(kShortFields, open_[field_at_].name);
  if (contains(kFieldsThatHtmlLacks, name) || (is_short && contains(kFieldsThatHtmlHas, name))) {
    mender_.warn("missing-end-tag", at_, "'</" + excerpt(open_[field_at_].name) + ">' is missing");
    close_down_to(field_at_);
  }
}

std::size_t XmlRepair::bucket_of(std::string_view name) noexcept {
  std::size_t hash = name.size();
  for (const char c : name.substr(0, 16)) {
    hash = hash * 31 + static_cast<std::size_t>(c | 0x20);
  }
  return hash % 256;
}

void XmlRepair::push(std::string_view name, std::size_t out_begin) {
  const bool is_field = contains(kShortFields, name) || contains(kLongFields, name);
  // Persons and sources of Atom hold fields of their own; they are no fields themselves.
  const bool holds_fields = equals_ignoring_case(name, "author");
  if (is_field && !holds_fields && field_at_ == kNowhere) {
    field_at_ = open_.size();
  }
  open_.push_back({name, out_begin});
  ++open_by_bucket_[bucket_of(name)];
}

std::size_t XmlRepair::find_open(std::string_view name) const {
  if (open_by_bucket_[bucket_of(name)] == 0) {
    return kNowhere;
  }
  for (std::size_t i = open_.size(); i-- > 0;) {
    if (equals_ignoring_case(open_[i].name, name)) {
      return i;
    }
  }
  return kNowhere;
}

void XmlRepair::close_top() {
  const std::string_view name = open_.back().name;
  out_ += "</";
  out_ += name;
  out_ += '>';
  --open_by_bucket_[bucket_of(name)];
  open_.pop_back();
  if (field_at_ != kNowhere && open_.size() <= field_at_) {
    field_at_ = kNowhere;
  }
  root_ended_ = open_.empty();
}

void XmlRepair::close_down_to(std::size_t depth) {
  while (open_.size() > depth) {
    close_top();
  }
}

void XmlRepair::end_document() {
  if (open_.empty()) {
    return;
  }
  const auto first_entry = std::ranges::find_if(open_, [](const Open& open) { return is_entry(open.name); });
  const bool cuts_entry = first_entry != open_.end() && first_entry != open_.begin();
  mender_.warn("truncated", in_.size(),
               cuts_entry ? "the document ends inside an entry, which is left out" : "the document ends too early");
  if (cuts_entry) {
    out_.resize(first_entry->out_begin);
    open_.resize(static_cast<std::size_t>(first_entry - open_.begin()));
  }
  while (!open_.empty()) {
    out_ += "</";
    out_ += open_.back().name;
    out_ += '>';
    open_.pop_back();
  }
}

}  // namespace

std::string repair_xml(std::string_view document, Warnings& warnings) {
  std::string mended;
  if (valid_utf8_prefix(document) != document.size()) {
    mended = mend_utf8(document, warnings);
    document = mended;
  }
  return XmlRepair{document, warnings}.run();
}

}  // namespace dprkwatch::feed

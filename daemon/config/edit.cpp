#include "config/edit.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "config/feed_yaml.hpp"
#include "config/flow.hpp"
#include "config/reader.hpp"

namespace dprkwatch::config {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

// The text, its tree, and where its lines are.
class Text {
 public:
  Text(std::string_view text, YAML::Node root) : text_(text), root_(std::move(root)) {
    line_end_ = text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
  }

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] const YAML::Node& root() const { return root_; }
  [[nodiscard]] const std::string& line_end() const { return line_end_; }

  // yaml-cpp counts bytes, from behind the byte order mark.
  [[nodiscard]] std::size_t offset(const YAML::Node& node) const {
    const std::size_t mark = text_.starts_with(kMark) ? kMark.size() : 0;
    return std::min(static_cast<std::size_t>(std::max(node.Mark().pos, 0)) + mark, text_.size());
  }
  [[nodiscard]] char at(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }
  [[nodiscard]] std::size_t line_begin(std::size_t offset) const {
    const auto before = offset == 0 ? std::string_view::npos : text_.rfind('\n', offset - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    return begin == 0 && text_.starts_with(kMark) ? kMark.size() : begin;
  }
  // Behind the line's '\n', or the end of the text.
  [[nodiscard]] std::size_t next_line(std::size_t offset) const {
    const auto end = text_.find('\n', offset);
    return end == std::string_view::npos ? text_.size() : end + 1;
  }
  // Of its line's first byte that is no blank; as many as the line has when it is blank.
  [[nodiscard]] std::size_t indent(std::size_t line) const {
    const auto first = text_.find_first_not_of(" \t", line);
    return std::min(first, text_.size()) - line;
  }
  [[nodiscard]] bool is_first_in_line(std::size_t offset) const {
    return line_begin(offset) + indent(line_begin(offset)) == offset;
  }

 private:
  std::string_view text_;
  YAML::Node root_;
  std::string line_end_;
};

tl::unexpected<Error> refuse(const std::string& path, const std::string& reason) {
  return fail(ErrorCode::kInvalidConfig,
              "`feeds` can not be changed by a program here: " + reason + "; edit the file by hand", path);
}

Result<Text> read(std::string_view yaml, const std::string& path) {
  const Environment none = [](const std::string&) { return std::nullopt; };
  Reader reader(path, none);
  const auto root = parse_yaml(yaml, reader);
  if (!root) return tl::unexpected(reader.take_mistakes().front());
  Text text(yaml, *root);
  if (!root->IsMap() || text.at(text.offset(*root)) == '{') {
    return refuse(path, "the file is not a list of keys, each on a line of its own");
  }
  return text;
}

// Whether two trees hold the same, in the same order.
bool is_same(const YAML::Node& left, const YAML::Node& right) {
  if (left.Type() != right.Type() || left.Tag() != right.Tag()) return false;
  if (left.IsScalar()) return left.Scalar() == right.Scalar();
  if (!left.IsMap() && !left.IsSequence()) return true;
  if (left.size() != right.size()) return false;
  auto other = right.begin();
  for (auto each = left.begin(); each != left.end(); ++each, ++other) {
    const bool same = left.IsMap() ? is_same(each->first, other->first) && is_same(each->second, other->second)
                                   : is_same(*each, *other);
    if (!same) return false;
  }
  return true;
}

std::vector<YAML::Node> items_of(const YAML::Node& root) {
  std::vector<YAML::Node> items;
  const YAML::Node feeds = root["feeds"];
  if (feeds && feeds.IsSequence()) {
    for (const auto& item : feeds) items.emplace_back(item);
  }
  return items;
}

// Whether `root` is the old tree but for the list of feeds, which is `wanted` now.
bool is_as_wanted(const YAML::Node& root, const YAML::Node& old, const std::vector<YAML::Node>& wanted) {
  if (!root.IsMap()) return false;
  const auto items = items_of(root);
  if (items.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!is_same(items[i], wanted[i])) return false;
  }
  const auto others = [](const YAML::Node& map) {
    std::vector<std::pair<YAML::Node, YAML::Node>> entries;
    for (const auto& entry : map) {
      if (!entry.first.IsScalar() || entry.first.Scalar() != "feeds") entries.emplace_back(entry.first, entry.second);
    }
    return entries;
  };
  const auto same = [](const auto& left, const auto& right) {
    return is_same(left.first, right.first) && is_same(left.second, right.second);
  };
  return std::ranges::equal(others(root), others(old), same);
}

Result<std::string> proved(std::string edited, const std::string& path, const YAML::Node& old,
                           const std::vector<YAML::Node>& wanted) {
  const Environment none = [](const std::string&) { return std::nullopt; };
  Reader reader(path, none);
  const auto root = parse_yaml(edited, reader);
  if (!root || !is_as_wanted(*root, old, wanted)) return refuse(path, "the way it is written does not allow it");
  return edited;
}

// The lines of an item of a list with dashes.
struct BlockItem {
  std::size_t begin = 0;  // of the line with the dash
  std::size_t end = 0;    // behind its last line
};

// `column`: of the list's dashes. Lines that stand deeper belong to the item, blank ones and comments in between too.
std::optional<BlockItem> block_item(const Text& text, std::size_t offset, std::size_t column) {
  BlockItem item;
  for (item.begin = text.line_begin(offset);
       text.indent(item.begin) != column || text.at(item.begin + column) != '-';) {
    if (item.begin == text.line_begin(0)) return std::nullopt;
    item.begin = text.line_begin(item.begin - 1);
  }
  item.end = text.next_line(item.begin);
  for (std::size_t line = item.end; line < text.text().size(); line = text.next_line(line)) {
    const char first = text.at(line + text.indent(line));
    if (first == '\n' || first == '\r' || first == '\0') continue;
    if (text.indent(line) > column) {
      item.end = text.next_line(line);
    } else if (first != '#') {
      break;
    }
  }
  return item;
}

std::string block_text(const std::vector<Feed>& feeds, std::size_t column, bool as_flow, const std::string& line_end) {
  const std::string indent(column, ' ');
  std::string text;
  for (const Feed& feed : feeds) {
    if (as_flow) {
      text += indent + "- " + flow_item(feed) + line_end;
      continue;
    }
    const char* before = "- ";
    for (const std::string& line : block_lines(feed)) {
      text += indent + before + line + line_end;
      before = "  ";
    }
  }
  return text;
}

// Inserts whole lines; a last line without end gets one.
std::string with_lines(const Text& text, std::size_t offset, const std::string& lines) {
  std::string edited(text.text());
  if (offset == edited.size() && !edited.empty() && edited.back() != '\n') {
    edited += text.line_end();
    offset = edited.size();
  }
  return edited.insert(offset, lines);
}

std::string with_flow_items(const Text& text, const FlowList& list, const std::vector<Feed>& feeds) {
  std::vector<std::string> items;
  for (const Feed& feed : feeds) items.push_back(flow_item(feed));
  std::string edited(text.text());
  const auto joined = [&](const std::string& between) {
    std::string result;
    for (const std::string& item : items) result += (result.empty() ? "" : between) + item;
    return result;
  };
  if (list.items.empty()) return edited.insert(list.open + 1, " " + joined(", ") + " ");
  const FlowItem& last = list.items.back();
  if (!text.is_first_in_line(last.begin)) return edited.insert(last.end, ", " + joined(", "));
  // One item a line: so are the new ones, behind a comment of the last one.
  const std::string indent = text.line_end() + std::string(text.indent(text.line_begin(last.begin)), ' ');
  const std::size_t line_end = text.next_line(last.end);
  if (line_end > list.close) return edited.insert(last.end, "," + indent + joined("," + indent));
  const std::size_t before_end = line_end - text.line_end().size();
  edited.insert(before_end, indent + joined("," + indent) + (last.has_comma ? "," : ""));
  if (!last.has_comma) edited.insert(last.end, ",");
  return edited;
}

std::string without_flow_item(const Text& text, const FlowList& list, std::size_t index) {
  const FlowItem& item = list.items[index];
  std::string edited(text.text());
  const std::size_t end = item.has_comma ? item.comma + 1 : item.end;
  const std::size_t line = text.line_begin(item.begin);
  const std::string_view rest = text.text().substr(end, text.next_line(end) - end);
  const auto next = rest.find_first_not_of(" \t\r\n");
  if (text.is_first_in_line(item.begin) && (next == std::string_view::npos || rest[next] == '#')) {
    return edited.erase(line, text.next_line(end) - line);
  }
  if (index + 1 == list.items.size() && index > 0) {
    const std::size_t before = list.items[index - 1].end;
    const std::string_view between = text.text().substr(before, item.begin - before);
    if (between.find_first_not_of(", \t") == std::string_view::npos) return edited.erase(before, end - before);
  }
  const std::size_t blanks = std::min(text.text().find_first_not_of(" \t", end), text.text().size()) - end;
  return edited.erase(item.begin, end + (index + 1 < list.items.size() ? blanks : 0) - item.begin);
}

// The key's own node, which says where it stands.
YAML::Node key_of(const YAML::Node& root, std::string_view key) {
  for (const auto& entry : root) {
    if (entry.first.IsScalar() && entry.first.Scalar() == key) return entry.first;
  }
  return YAML::Node(YAML::NodeType::Undefined);
}

Result<std::string> with_feeds(const Text& text, const std::string& path, const std::vector<Feed>& feeds) {
  const YAML::Node list = text.root()["feeds"];
  constexpr std::size_t kIndent = 2;
  if (!list) {
    return with_lines(text, text.text().size(),
                      "feeds:" + text.line_end() + block_text(feeds, kIndent, true, text.line_end()));
  }
  if (list.IsNull()) {
    const std::size_t line = text.next_line(text.offset(key_of(text.root(), "feeds")));
    return with_lines(text, line, block_text(feeds, kIndent, true, text.line_end()));
  }
  if (!list.IsSequence()) return refuse(path, "it is no list");
  const std::size_t begin = text.offset(list);
  if (text.at(begin) == '[') {
    const auto flow = scan_flow_list(text.text(), begin);
    if (!flow) return refuse(path, "the end of its list is not found");
    return with_flow_items(text, *flow, feeds);
  }
  const std::size_t column = begin - text.line_begin(begin);
  const YAML::Node last = list[list.size() - 1];
  const auto item = block_item(text, text.offset(last), column);
  if (text.at(begin) != '-' || !item) return refuse(path, "its list has an anchor or a tag");
  const bool as_flow = text.at(text.offset(last)) == '{';
  return with_lines(text, item->end, block_text(feeds, column, as_flow, text.line_end()));
}

Result<std::string> without_feed(const Text& text, const std::string& path, const YAML::Node& list, std::size_t index) {
  const std::size_t begin = text.offset(list);
  if (text.at(begin) == '[') {
    const auto flow = scan_flow_list(text.text(), begin);
    if (!flow || flow->items.size() != list.size()) return refuse(path, "the end of its list is not found");
    return without_flow_item(text, *flow, index);
  }
  const auto item = block_item(text, text.offset(list[index]), begin - text.line_begin(begin));
  if (text.at(begin) != '-' || !item) return refuse(path, "its list has an anchor or a tag");
  return std::string(text.text()).erase(item->begin, item->end - item->begin);
}

}  // namespace

Result<std::string> add_feeds(std::string_view yaml, const std::string& path, const std::vector<Feed>& feeds) {
  const auto text = read(yaml, path);
  if (!text) return tl::unexpected(text.error());
  if (feeds.empty()) return std::string(yaml);
  auto edited = with_feeds(*text, path, feeds);
  if (!edited) return edited;
  auto wanted = items_of(text->root());
  for (const Feed& feed : feeds) wanted.push_back(YAML::Load(flow_item(feed)));
  return proved(std::move(*edited), path, text->root(), wanted);
}

Result<std::string> remove_feed(std::string_view yaml, const std::string& path, const std::string& name) {
  const auto text = read(yaml, path);
  if (!text) return tl::unexpected(text.error());
  const auto items = items_of(text->root());
  const auto found = std::ranges::find_if(items, [&](const YAML::Node& item) {
    return item.IsMap() && item["name"] && item["name"].IsScalar() && item["name"].Scalar() == name;
  });
  if (found == items.end()) return fail(ErrorCode::kNotFound, "`feeds` has no feed `" + name + "`", path);
  auto edited = without_feed(*text, path, text->root()["feeds"], static_cast<std::size_t>(found - items.begin()));
  if (!edited) return edited;
  // Not by erase: assigning to a YAML::Node changes the tree that it belongs to.
  std::vector<YAML::Node> wanted(items.begin(), found);
  wanted.insert(wanted.end(), std::next(found), items.end());
  return proved(std::move(*edited), path, text->root(), wanted);
}

std::optional<Duration> read_duration(const std::string& text) {
  const Environment none = [](const std::string&) { return std::nullopt; };
  Reader reader("", none);
  const KeyInfo key{"duration", Type::kDuration, "", "", false, 0};
  return reader.duration(YAML::Node(text), key);
}

}  // namespace dprkwatch::config

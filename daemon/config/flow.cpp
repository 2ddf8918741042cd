#include "config/flow.hpp"

#include <algorithm>

namespace dprkwatch::config {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class Scan {
 public:
  Scan(std::string_view text, std::size_t open) : text_(text), at_(open + 1) { list_.open = open; }

  std::optional<FlowList> run() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (is_blank(c)) continue;
      if (c == '#' && is_blank(text_[at_ - 1])) {
        at_ = std::min(text_.find('\n', at_), text_.size()) - 1;
      } else if (c == ']' && depth_ == 0) {
        list_.close = at_;
        return list_;
      } else if (c == ',' && depth_ == 0) {
        if (!in_item_) return std::nullopt;
        list_.items.back().has_comma = true;
        list_.items.back().comma = at_;
        in_item_ = false;
        last_ = c;
      } else {
        take(c);
      }
    }
    return std::nullopt;
  }

 private:
  // A byte of an item; a quoted text is taken whole.
  void take(char c) {
    if (!in_item_) list_.items.push_back({at_, at_, false, 0});
    in_item_ = true;
    constexpr std::string_view kBeforeValue = "[{,:?";
    if ((c == '"' || c == '\'') && kBeforeValue.find(last_) != std::string_view::npos) {
      skip_quoted(c);
    } else if (c == '[' || c == '{') {
      ++depth_;
    } else if (c == ']' || c == '}') {
      --depth_;
    }
    last_ = c;
    list_.items.back().end = std::min(at_ + 1, text_.size());
  }

  // To the closing quote. In '...' a quote is doubled, in "..." it has a backslash before it.
  void skip_quoted(char quote) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (quote == '"' && text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == quote) {
        if (quote == '"' || at_ + 1 >= text_.size() || text_[at_ + 1] != quote) return;
        ++at_;
      }
    }
  }

  std::string_view text_;
  std::size_t at_;
  FlowList list_;
  int depth_ = 0;
  bool in_item_ = false;
  char last_ = '[';  // the last byte that is no blank and no comment
};

}  // namespace

std::optional<FlowList> scan_flow_list(std::string_view text, std::size_t open) {
  return Scan(text, open).run();
}

}  // namespace dprkwatch::config

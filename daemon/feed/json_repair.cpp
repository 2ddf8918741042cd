#include "feed/json_repair.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "feed/encoding.hpp"

namespace dprkwatch::feed {
namespace {

class JsonRepair {
 public:
  JsonRepair(std::string_view in, Warnings& warnings) : in_{in}, warnings_{warnings} { out_.reserve(in.size() + 16); }

  std::string run();

 private:
  void copy_string();
  void copy_escape();
  [[nodiscard]] std::uint32_t unit_at(std::size_t at) const;
  void leave(char closing);
  void close_cut_document();

  std::string_view in_;
  Warnings& warnings_;
  std::string out_;
  std::size_t at_ = 0;
  std::vector<char> open_;        // the brackets that will close what is open
  std::size_t whole_until_ = 0;   // of out_: after the last whole item
  std::vector<char> open_there_;  // what is open at that place
  bool ends_in_string_ = false;
};

std::string JsonRepair::run() {
  while (at_ < in_.size()) {
    const char c = in_[at_];
    if (c == '"') {
      copy_string();
      continue;
    }
    ++at_;
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') {
      continue;
    }
    out_ += c;
    if (c == '{' || c == '[') {
      open_.push_back(c == '{' ? '}' : ']');
    } else if (c == '}' || c == ']') {
      leave(c);
      if (open_.empty()) {
        return out_;  // what follows the document is left out
      }
    }
  }
  if (!open_.empty() || ends_in_string_) {
    close_cut_document();
  }
  return out_;
}

// RFC 8259 §7: control characters must be escaped.
void JsonRepair::copy_string() {
  constexpr std::string_view kHex = "0123456789abcdef";
  out_ += in_[at_++];
  while (at_ < in_.size()) {
    const char c = in_[at_++];
    if (c == '\\' && at_ < in_.size()) {
      copy_escape();
    } else if (static_cast<unsigned char>(c) < 0x20) {
      warnings_.add("control-character", 0, "control characters in strings are escaped");
      out_ += "\\u00";
      out_ += kHex[static_cast<unsigned char>(c) >> 4U];
      out_ += kHex[static_cast<unsigned char>(c) & 0xFU];
    } else {
      out_ += c;
      if (c == '"') {
        return;
      }
    }
  }
  ends_in_string_ = true;
}

// After the backslash. RFC 8259 §8.2: half a surrogate pair is no character.
void JsonRepair::copy_escape() {
  const std::uint32_t unit = in_[at_] == 'u' ? unit_at(at_ + 1) : 0;
  const bool is_high = unit >= 0xD800 && unit <= 0xDBFF;
  const bool is_low = unit >= 0xDC00 && unit <= 0xDFFF;
  const std::uint32_t next = is_high && in_.substr(at_ + 5, 2) == "\\u" ? unit_at(at_ + 7) : 0;
  const bool is_pair = next >= 0xDC00 && next <= 0xDFFF;
  if ((is_high && !is_pair) || is_low) {
    warnings_.add("invalid-character-reference", 0, "half a surrogate pair is replaced");
    out_ += "\\ufffd";
    at_ += 5;
    return;
  }
  const std::size_t bytes = is_pair ? 11 : 1;
  out_ += '\\';
  out_ += in_.substr(at_, bytes);
  at_ += bytes;
}

// Four hexadecimal digits; 0 when there are none.
std::uint32_t JsonRepair::unit_at(std::size_t at) const {
  if (at + 4 > in_.size()) {
    return 0;
  }
  std::uint32_t unit = 0;
  const char* const end = in_.data() + at + 4;
  return std::from_chars(in_.data() + at, end, unit, 16).ptr == end ? unit : 0;
}

void JsonRepair::leave(char closing) {
  if (!open_.empty() && open_.back() == closing) {
    open_.pop_back();
  }
  // {"items":[ {…} : depth two is back when an item has ended.
  if (closing == '}' && open_.size() == 2) {
    whole_until_ = out_.size();
    open_there_ = open_;
  }
}

void JsonRepair::close_cut_document() {
  if (whole_until_ == 0) {
    return;
  }
  warnings_.add("truncated", 0, "the document ends too early; its whole items are kept");
  out_.resize(whole_until_);
  for (auto bracket = open_there_.rbegin(); bracket != open_there_.rend(); ++bracket) {
    out_ += *bracket;
  }
}

}  // namespace

std::string repair_json(std::string_view document, Warnings& warnings) {
  std::string mended;
  if (valid_utf8_prefix(document) != document.size()) {
    mended = mend_utf8(document, warnings);
    document = mended;
  }
  return JsonRepair{document, warnings}.run();
}

}  // namespace dprkwatch::feed

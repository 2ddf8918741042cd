#include "relevance/terms.hpp"

#include <algorithm>

namespace dprkwatch::relevance {
namespace {

constexpr std::string_view kHangulBefore[] = {"남", "한", "북", "대", "반", "친", "미", "일", "중", "러", "방"};
constexpr std::size_t kCyrillicEndings = 3;  // letters that a case ending may add

// Whether a word can begin at `at`. A Korean term may follow another syllable only where compounds do (남북한).
bool begins_well(std::string_view text, std::size_t at, Script first) {
  const CodePoint before = decode_before(text, at);
  if (before.size == 0) return true;
  const Script script = script_of(before.value);
  switch (first) {
    case Script::kLatin:
    case Script::kDigit:
      return script != Script::kLatin && script != Script::kDigit;
    case Script::kCyrillic:
      return script != Script::kCyrillic;
    case Script::kHangul: {
      if (script != Script::kHangul) return true;
      const std::string_view syllable = text.substr(at - before.size, before.size);
      return std::find(std::begin(kHangulBefore), std::end(kHangulBefore), syllable) != std::end(kHangulBefore);
    }
    case Script::kKana:
    case Script::kHan:
    case Script::kNone:
      return true;
  }
  return true;
}

// "North Koreans" for "North Korean", and nothing else.
bool plural_ends(std::string_view text, std::size_t at) {
  if (text[at] != 's') return false;
  return at + 1 == text.size() || script_of(decode(text, at + 1).value) != Script::kLatin;
}

bool cyrillic_ending(std::string_view text, std::size_t at) {
  std::size_t letters = 0;
  while (at < text.size() && letters <= kCyrillicEndings) {
    const CodePoint point = decode(text, at);
    if (script_of(point.value) != Script::kCyrillic) return true;
    at += point.size;
    ++letters;
  }
  return letters <= kCyrillicEndings;
}

}  // namespace

Terms::Terms() : growing_(1) {
  nodes_.emplace_back();
}

void Terms::add(Term term) {
  Normalized spelling = normalize(term.text, term.text.size());
  while (!spelling.bytes.empty() && spelling.bytes.back() == ' ') spelling.bytes.pop_back();
  if (spelling.bytes.empty()) return;
  std::uint32_t node = 0;
  for (const char raw : spelling.bytes) {
    const auto byte = static_cast<unsigned char>(raw);
    auto& edges = growing_[node];
    const auto found =
        std::find_if(edges.begin(), edges.end(), [byte](const auto& edge) { return edge.first == byte; });
    if (found != edges.end()) {
      node = found->second;
      continue;
    }
    const auto made = static_cast<std::uint32_t>(nodes_.size());
    edges.emplace_back(byte, made);
    nodes_.emplace_back();
    growing_.emplace_back();
    node = made;
  }
  for (std::int32_t other = nodes_[node].term; other >= 0; other = next_same_[static_cast<std::size_t>(other)]) {
    if (terms_[static_cast<std::size_t>(other)].language == term.language) return;
  }
  // A term of one language comes before the one of any language, so that it wins there.
  const auto index = static_cast<std::int32_t>(terms_.size());
  if (nodes_[node].term >= 0 && term.language.empty()) {
    std::int32_t last = nodes_[node].term;
    while (next_same_[static_cast<std::size_t>(last)] >= 0) last = next_same_[static_cast<std::size_t>(last)];
    next_same_[static_cast<std::size_t>(last)] = index;
    next_same_.push_back(-1);
  } else {
    next_same_.push_back(nodes_[node].term);
    nodes_[node].term = index;
  }
  terms_.push_back(std::move(term));
  spellings_.push_back(std::move(spelling));
}

void Terms::freeze() {
  root_.fill(-1);
  for (std::size_t index = 0; index < growing_.size(); ++index) {
    auto& edges = growing_[index];
    std::sort(edges.begin(), edges.end());
    nodes_[index].first_edge = static_cast<std::uint32_t>(edge_bytes_.size());
    nodes_[index].edges = static_cast<std::uint16_t>(edges.size());
    for (const auto& [byte, target] : edges) {
      edge_bytes_.push_back(byte);
      edge_targets_.push_back(target);
      if (index == 0) root_[byte] = static_cast<std::int32_t>(target);
    }
  }
  growing_.clear();
  growing_.shrink_to_fit();
}

std::int64_t Terms::step(std::uint32_t node, unsigned char byte) const noexcept {
  const Node& from = nodes_[node];
  const auto begin = edge_bytes_.begin() + from.first_edge;
  const auto end = begin + from.edges;
  const auto found = from.edges > 8 ? std::lower_bound(begin, end, byte) : std::find(begin, end, byte);
  if (found == end || *found != byte) return -1;
  return edge_targets_[static_cast<std::size_t>(found - edge_bytes_.begin())];
}

bool Terms::ends_well(const Normalized& text, const Match& match) const {
  const std::string_view bytes = text.bytes;
  if (match.end >= bytes.size()) return true;
  const Term& term = terms_[match.term];
  const Script last = script_of(decode_before(bytes, match.end).value);
  const Script next = script_of(decode(bytes, match.end).value);
  switch (last) {
    case Script::kLatin:
    case Script::kDigit: {
      if (next == Script::kLatin || next == Script::kDigit) return term.is_stem || plural_ends(bytes, match.end);
      if (!term.stands_alone) return true;
      // "the North" is no mention when a name goes on: "the North Sea".
      const std::size_t word = match.end + (bytes[match.end] == ' ' ? 1 : 0);
      return word == match.end || word >= bytes.size() || text.was_upper[word] == 0;
    }
    case Script::kCyrillic:
      return term.is_stem || cyrillic_ending(bytes, match.end);
    case Script::kHan:
      return !term.stands_alone || next != Script::kHan;
    case Script::kHangul:
      return !term.stands_alone || next != Script::kHangul;
    case Script::kKana:
    case Script::kNone:
      return true;
  }
  return true;
}

bool Terms::fits(const Normalized& text, const Match& match, std::string_view language) const {
  const Term& term = terms_[match.term];
  if (!term.language.empty() && term.language != language) return false;
  if (term.case_matters) {
    const Normalized& spelling = spellings_[match.term];
    for (std::size_t i = 0; i < spelling.bytes.size(); ++i) {
      if (spelling.was_upper[i] != text.was_upper[match.begin + i]) return false;
    }
  }
  if (term.stands_alone && script_of(decode(text.bytes, match.begin).value) == Script::kHan &&
      script_of(decode_before(text.bytes, match.begin).value) == Script::kHan) {
    return false;
  }
  return ends_well(text, match);
}

void Terms::find(const Normalized& text, std::string_view language, std::vector<Match>& matches) const {
  const std::string_view bytes = text.bytes;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const CodePoint point = decode(bytes, at);
    const std::int32_t start = root_[static_cast<unsigned char>(bytes[at])];
    std::size_t resume = at + point.size;
    if (start >= 0 && begins_well(bytes, at, script_of(point.value))) {
      auto node = static_cast<std::uint32_t>(start);
      std::size_t end = at + 1;
      std::size_t best_end = 0;
      std::uint32_t best = 0;
      while (true) {
        for (std::int32_t term = nodes_[node].term; term >= 0; term = next_same_[static_cast<std::size_t>(term)]) {
          if (!fits(text, {at, end, static_cast<std::uint32_t>(term)}, language)) continue;
          best_end = end;
          best = static_cast<std::uint32_t>(term);
          break;
        }
        if (end >= bytes.size()) break;
        const std::int64_t next = step(node, static_cast<unsigned char>(bytes[end]));
        if (next < 0) break;
        node = static_cast<std::uint32_t>(next);
        ++end;
      }
      if (best_end > 0) {
        matches.push_back({at, best_end, best});
        resume = best_end;
      }
    }
    at = resume;
  }
}

}  // namespace dprkwatch::relevance

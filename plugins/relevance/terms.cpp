#include "relevance/terms.hpp"

#include <algorithm>

namespace dprkwatch::relevance {
namespace {

constexpr std::string_view kHangulBefore[] = {"남", "한", "북", "대", "반", "친", "미", "일", "중", "러", "방"};
constexpr std::size_t kCyrillicEndings = 3;  // letters that a case ending may add
constexpr std::size_t kWideEdges = 6;        // a node of more edges is looked up in a table

// Whether a word that begins with a `first` can begin at `at`, after a character of `script`. A Korean term may follow
// another syllable only where compounds do (남북한).
bool begins_well(std::string_view text, std::size_t at, Script first, Script script) {
  switch (first) {
    case Script::kLatin:
    case Script::kDigit:
      return script != Script::kLatin && script != Script::kDigit;
    case Script::kCyrillic:
      return script != Script::kCyrillic;
    case Script::kHangul: {
      if (script != Script::kHangul) return true;
      constexpr std::size_t kSyllable = 3;  // bytes of a syllable in UTF-8
      const std::string_view syllable = text.substr(at - std::min(at, kSyllable), kSyllable);
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
  for (std::size_t index = 0; index < growing_.size(); ++index) {
    auto& edges = growing_[index];
    Node& node = nodes_[index];
    node.first_edge = static_cast<std::uint32_t>(edge_bytes_.size());
    node.edges = static_cast<std::uint16_t>(edges.size());
    Wide* wide = nullptr;
    if (index == 0 || edges.size() > kWideEdges) {
      node.wide = static_cast<std::int32_t>(wide_.size());
      wide = &wide_.emplace_back();
      wide->fill(-1);
    }
    for (const auto& [byte, target] : edges) {
      edge_bytes_.push_back(byte);
      edge_targets_.push_back(target);
      if (wide != nullptr) (*wide)[byte] = static_cast<std::int32_t>(target);
    }
  }
  growing_.clear();
  growing_.shrink_to_fit();
}

std::int64_t Terms::step(std::uint32_t node, unsigned char byte) const noexcept {
  const Node& from = nodes_[node];
  if (from.wide >= 0) return wide_[static_cast<std::size_t>(from.wide)][byte];
  for (std::uint32_t edge = from.first_edge; edge < from.first_edge + from.edges; ++edge) {
    if (edge_bytes_[edge] == byte) return edge_targets_[edge];
  }
  return -1;
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

Terms::Word Terms::longest(const Normalized& text, std::size_t at, std::string_view language) const {
  const std::string_view bytes = text.bytes;
  Word best;
  std::uint32_t node = 0;
  for (std::size_t end = at; end < bytes.size();) {
    const std::int64_t next = step(node, static_cast<unsigned char>(bytes[end]));
    if (next < 0) break;
    node = static_cast<std::uint32_t>(next);
    ++end;
    for (std::int32_t term = nodes_[node].term; term >= 0; term = next_same_[static_cast<std::size_t>(term)]) {
      if (!fits(text, {at, end, static_cast<std::uint32_t>(term)}, language)) continue;
      best = {end, static_cast<std::uint32_t>(term)};
      break;
    }
  }
  return best;
}

void Terms::find(const Normalized& text, std::string_view language, std::vector<Match>& matches) const {
  const std::string_view bytes = text.bytes;
  const Wide& root = wide_.front();
  Script before = Script::kNone;
  for (std::size_t at = 0; at < bytes.size();) {
    const CodePoint point = decode(bytes, at);
    const Script script = script_of(point.value);
    if (root[static_cast<unsigned char>(bytes[at])] >= 0 && begins_well(bytes, at, script, before)) {
      if (const Word found = longest(text, at, language); found.end > 0) {
        matches.push_back({at, found.end, found.term});
        at = found.end;
        before = script_of(decode_before(bytes, at).value);
        continue;
      }
    }
    before = script;
    at += point.size;
  }
}

}  // namespace dprkwatch::relevance

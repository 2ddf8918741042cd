#include "relevance/scan.hpp"

#include <algorithm>
#include <array>

namespace dprkwatch::relevance {
namespace {

constexpr std::size_t kDatelineBytes = 60;  // "seoul, dec. 3 (reuters) " before the first word of a report

bool is_known_language(std::string_view language) {
  return language == "en" || language == "ko" || language == "ja" || language == "zh" || language == "ru";
}

// The declared language where we have words of it, else what the script says.
std::string language_of(const Input& input, const Normalized& title, const Normalized& text) {
  const std::string_view declared = input.language.substr(0, input.language.find_first_of("-_"));
  if (is_known_language(declared)) return std::string(declared);
  std::array<std::size_t, 7> counts{};
  const auto count = [&counts](std::string_view bytes) {
    constexpr std::size_t kEnough = 2000;
    for (std::size_t at = 0; at < std::min(bytes.size(), kEnough);) {
      const CodePoint point = decode(bytes, at);
      ++counts[static_cast<std::size_t>(script_of(point.value))];
      at += point.size;
    }
  };
  count(title.bytes);
  count(text.bytes);
  const auto of = [&counts](Script script) { return counts[static_cast<std::size_t>(script)]; };
  const std::size_t east = of(Script::kHangul) + of(Script::kKana) + of(Script::kHan);
  if (3 * east > of(Script::kLatin) && east > 0) {
    if (of(Script::kHangul) * 3 > east) return "ko";
    return of(Script::kKana) * 10 > east ? "ja" : "zh";
  }
  return of(Script::kCyrillic) > of(Script::kLatin) ? "ru" : "en";
}

// A full stop after one or two letters is an abbreviation's: "U.S.", "N. Korea", "Dr.".
bool ends_abbreviation(std::string_view bytes, std::size_t stop) {
  std::size_t letters = 0;
  while (letters < 3 && letters < stop &&
         script_of(static_cast<unsigned char>(bytes[stop - 1 - letters])) == Script::kLatin) {
    ++letters;
  }
  return letters > 0 && letters < 3;
}

// The end of the sentence that a mark at `at` closes, or 0.
std::size_t end_at_mark(std::string_view bytes, std::size_t at) {
  const char byte = bytes[at];
  if (byte == '\n') return at + 1;
  if (byte == '.' || byte == '!' || byte == '?') {
    std::size_t next = at + 1;
    while (next < bytes.size() && (bytes[next] == '"' || bytes[next] == '\'' || bytes[next] == ')')) ++next;
    if (next < bytes.size() && bytes[next] != ' ') return 0;
    return byte == '.' && ends_abbreviation(bytes, at) ? 0 : next;
  }
  if (byte == '|') return at + 1;  // divides a headline from its text where both come as one
  constexpr std::string_view kFullStop = "。";
  return bytes.substr(at, kFullStop.size()) == kFullStop ? at + kFullStop.size() : 0;
}

std::vector<Sentence> split(std::string_view bytes) {
  std::vector<Sentence> sentences;
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    if (bytes.substr(begin, end - begin).find_first_not_of(" \n") != std::string_view::npos) {
      sentences.push_back({begin, end});
    }
    begin = end;
  };
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const std::size_t end = end_at_mark(bytes, at);
    if (end == 0) continue;
    close(end);
    at = end - 1;
  }
  close(bytes.size());
  return sentences;
}

std::size_t count_words(std::string_view bytes) {
  std::size_t words = 0;
  std::size_t ideographs = 0;
  bool inside = false;
  for (std::size_t at = 0; at < bytes.size();) {
    const CodePoint point = decode(bytes, at);
    const Script script = script_of(point.value);
    if (script == Script::kHan || script == Script::kKana) {
      ++ideographs;
      inside = false;
    } else {
      const bool letter = script != Script::kNone;
      if (letter && !inside) ++words;
      inside = letter;
    }
    at += point.size;
  }
  return words + (ideographs + 1) / 2;
}

bool has_subject_particle(std::string_view after) {
  for (const std::string_view particle : {"이", "가", "은", "는", "は", "が"}) {
    if (after.starts_with(particle)) return true;
  }
  return after.starts_with(", ") || after.starts_with("측은") || after.starts_with("측이");
}

// Whether a mention begins its sentence, after an article or a dateline.
bool begins_sentence(std::string_view bytes, std::size_t sentence, std::size_t mention) {
  std::string_view before = bytes.substr(sentence, mention - sentence);
  if (before.size() <= kDatelineBytes) {
    if (const auto bracket = before.rfind(") "); bracket != std::string_view::npos) before.remove_prefix(bracket + 2);
  }
  while (!before.empty() && (before.front() == ' ' || before.front() == '"' || before.front() == '\'')) {
    before.remove_prefix(1);
  }
  return before.empty() || before == "the " || before == "leader ";
}

bool is_country(const Term& term) {
  return term.role == Role::kForeign || term.role == Role::kPartner || term.role == Role::kSouth;
}

bool is_north(const Term& term) {
  return term.role == Role::kNorth || term.role == Role::kWeak;
}

bool joins(std::string_view between) {
  for (const std::string_view gap :
       {", ", " and ", ", and ", " or ", "·", "와 ", "과 ", ",", "、", "и ", " и ", "和"}) {
    if (between == gap) return true;
  }
  return false;
}

void mark_lists(std::vector<Mention>& mentions, const Scan& scan, const Terms& terms) {
  for (std::size_t i = 0; i + 1 < mentions.size(); ++i) {
    Mention& left = mentions[i];
    Mention& right = mentions[i + 1];
    if (left.in_title != right.in_title || right.begin < left.end) continue;
    const Term& first = terms[left.term];
    const Term& second = terms[right.term];
    const bool pair = (is_country(first) && is_north(second)) || (is_north(first) && is_country(second));
    const std::string_view bytes = left.in_title ? scan.title.bytes : scan.text.bytes;
    if (pair && joins(bytes.substr(left.end, right.begin - left.end))) left.in_list = right.in_list = true;
  }
}

void add_mentions(Scan& scan, const Normalized& text, bool is_title, const Terms& terms) {
  std::vector<Match> matches;
  terms.find(text, scan.language, matches);
  std::size_t sentence = 0;
  for (const Match& match : matches) {
    if (terms[match.term].role == Role::kIgnored) continue;
    Mention mention{match.begin, match.end, match.term, 0, is_title, false, false};
    std::size_t begin = 0;
    if (!is_title) {
      while (sentence + 1 < scan.sentences.size() && scan.sentences[sentence].end <= match.begin) ++sentence;
      begin = scan.sentences[sentence].begin;
      mention.sentence = static_cast<std::uint32_t>(sentence + 1);
    }
    mention.is_subject = begins_sentence(text.bytes, begin, match.begin) ||
                         has_subject_particle(std::string_view(text.bytes).substr(match.end));
    scan.mentions.push_back(mention);
  }
}

}  // namespace

Scan scan(const Input& input, const Terms& terms) {
  Scan made;
  made.title = normalize(input.title, kMaxTitleBytes);
  made.text = normalize(input.text, kMaxTextBytes);
  made.language = language_of(input, made.title, made.text);
  made.sentences = split(made.text.bytes);
  made.words = count_words(made.title.bytes) + count_words(made.text.bytes);
  add_mentions(made, made.title, true, terms);
  add_mentions(made, made.text, false, terms);
  mark_lists(made.mentions, made, terms);
  return made;
}

}  // namespace dprkwatch::relevance

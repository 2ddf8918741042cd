#include <algorithm>
#include <cmath>
#include <sstream>

#include "plugin/analyze.hpp"
#include "text/text.hpp"

namespace dprkwatch::plugin {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kMaxSentences = 8;

// ANSI SGR sequences, or nothing.
struct Palette {
  const char* bold;
  const char* red;
  const char* green;
  const char* dim;
  const char* off;
};
constexpr Palette kColours{"\033[1m", "\033[31m", "\033[32m", "\033[2m", "\033[0m"};
constexpr Palette kPlain{"", "", "", "", ""};

const char* words_for(int level) {
  switch (level) {
    case 1:
      return "verbal hostility";
    case 2:
      return "implicit threat, posture or ultimatum";
    case 3:
      return "explicit threat of force";
    default:  // 0, the only other one
      return "no hostility";
  }
}

// Breaks at blanks; a width in code points is near enough for a terminal.
std::string wrapped(const std::string& text, const std::string& indent) {
  std::istringstream words(text);
  std::string result;
  std::size_t column = 0;
  for (std::string word; words >> word;) {
    const auto width = static_cast<std::size_t>(
        std::count_if(word.begin(), word.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
    if (column != 0 && indent.size() + column + 1 + width > kWidth) {
      result += "\n" + indent;
      column = 0;
    }
    if (column != 0) {
      result += ' ';
      ++column;
    }
    result += word;
    column += width;
  }
  return result;
}

std::string points(double value) {
  std::ostringstream text;
  text.precision(1);
  text << std::fixed << std::showpos << value;
  return text.str();
}

void list_statements(std::ostringstream& out, const Input& input, const Analysis& analysis, const Palette& palette) {
  std::vector<const Annotation*> statements;
  for (const Annotation& annotation : analysis.annotations) {
    if (annotation.kind == "statement" && !annotation.spans.empty()) statements.push_back(&annotation);
  }
  std::stable_sort(statements.begin(), statements.end(), [](const Annotation* a, const Annotation* b) {
    return a->spans.front().contribution > b->spans.front().contribution;
  });
  if (statements.empty()) return;
  out << "\nWhat made the score:\n";
  for (std::size_t i = 0; i < statements.size() && i < kMaxSentences; ++i) {
    const Annotation& statement = *statements[i];
    const Span& span = statement.spans.front();
    const std::string& field = span.field == Field::kTitle ? input.title : input.text;
    out << "  " << palette.bold << points(span.contribution) << palette.off << "  level " << statement.label;
    if (!statement.actor.empty()) out << ", " << statement.actor << "->" << statement.target;
    if (!statement.speaker.empty()) out << ", " << text::printable(statement.speaker);
    if (statement.voice != Voice::kUnknown) out << ", " << name_of(statement.voice);
    if (statement.conditional) out << ", conditional";
    out << "\n        " << palette.red
        << wrapped(text::printable(field.substr(span.begin, span.end - span.begin)), "        ") << palette.off << "\n";
  }
  if (statements.size() > kMaxSentences) out << "  and " << statements.size() - kMaxSentences << " weaker sentences\n";
}

}  // namespace

std::string explain(const Input& input, const Analysis& analysis, bool colour) {
  const Palette& palette = colour ? kColours : kPlain;
  std::ostringstream out;
  if (!input.title.empty()) out << palette.bold << text::printable(input.title) << palette.off << "\n";
  out << "relevance     " << name_of(analysis.relevance) << " (probability "
      << std::round(analysis.relevance_probability * 100) / 100 << ")\n";
  out << "escalation    " << palette.red << std::lround(analysis.escalation) << palette.off << " of 100, level "
      << analysis.level << ": " << words_for(analysis.level) << "\n";
  out << "de-escalation " << palette.green << std::lround(analysis.deescalation) << palette.off << " of 100\n";
  for (const Dyad& dyad : analysis.dyads) {
    out << "  " << dyad.actor << "->" << dyad.target << "  escalation " << std::lround(dyad.escalation)
        << ", de-escalation " << std::lround(dyad.deescalation) << "\n";
  }
  list_statements(out, input, analysis, palette);
  out << palette.dim << "\nby";
  for (const auto& [id, version] : analysis.versions) out << " " << id << " " << version;
  out << palette.off << "\n";
  return out.str();
}

}  // namespace dprkwatch::plugin

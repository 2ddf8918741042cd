#pragma once
// What the analyzers found in one article, as plain data. docs/annotations.md says what each kind means.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clock/clock.hpp"

namespace dprkwatch::plugin {

enum class Unit { kArticle, kSentence };

// What the analyzers read.
struct Input {
  std::string id;
  std::string title;
  std::string text;
  std::string language;
  std::string url;
  std::string source;
  std::optional<Time> published;
  Unit unit = Unit::kArticle;
};

enum class Field { kText, kTitle };
enum class Voice { kUnknown, kOwn, kQuote, kReported };
enum class Relevance { kNone, kPassing, kAbout };

struct Span {
  std::size_t begin = 0;  // bytes, on UTF-8 borders
  std::size_t end = 0;
  double contribution = 0;
  Field field = Field::kText;
};

struct Annotation {
  std::string analyzer;
  std::string kind;
  std::string label;
  double score = 0;
  std::optional<double> probability;
  std::string actor;
  std::string target;
  std::string speaker;
  Voice voice = Voice::kUnknown;
  bool conditional = false;
  std::vector<Span> spans;
  std::string details_json;  // an object, or empty
};

struct Dyad {
  std::string actor;
  std::string target;
  double escalation = 0;
  double deescalation = 0;
};

// The annotations, and what the steps after this one read from them.
struct Analysis {
  Relevance relevance = Relevance::kAbout;  // about when no analyzer says otherwise
  double relevance_probability = 1.0;
  double escalation = 0;    // 0-100
  double deescalation = 0;  // 0-100
  int level = 0;            // 0..3
  std::vector<Dyad> dyads;  // by falling escalation
  std::vector<Annotation> annotations;
  std::vector<std::pair<std::string, std::string>> versions;  // analyzer id, version
  std::vector<std::string> missing;                           // ids of optional analyzers that were down or failed
  std::vector<std::string> awaited;  // of those, the ones that were down: analyse again when they are back
};

[[nodiscard]] const char* name_of(Relevance relevance) noexcept;  // "about", ...
[[nodiscard]] const char* name_of(Voice voice) noexcept;          // "own", ...; "" for unknown

}  // namespace dprkwatch::plugin

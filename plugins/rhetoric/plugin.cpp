// The border of the rhetoric analyzer to the plugin ABI.

#include "dprkwatch/plugin.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <stdexcept>

#include "rhetoric/rhetoric.hpp"

namespace dprkwatch::rhetoric {
namespace {

namespace json = boost::json;

constexpr sdk::Descriptor kDescriptor{
    .id = "rhetoric",
    .version = "1.0.0",
    .summary = "Escalation and de-escalation of a text, sentence by sentence, with who threatens whom",
    .provides = "escalation deescalation dyad statement quad",
    .needs = "relevance?",
};

int year_of(std::int64_t published_ms) {
  if (published_ms == DPRKWATCH_NO_TIME) return 0;
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(published_ms)};
  return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
}

std::int32_t voice_of(const std::string& voice) {
  if (voice == "quote") return DPRKWATCH_VOICE_QUOTE;
  return voice == "reported" ? DPRKWATCH_VOICE_REPORTED : DPRKWATCH_VOICE_OWN;
}

dprkwatch_span span_of(const Statement& statement, double contribution) {
  return {statement.begin, statement.end, contribution,
          statement.in_title ? DPRKWATCH_FIELD_TITLE : DPRKWATCH_FIELD_TEXT, 0};
}

class Rhetoric final : public sdk::Analyzer {
 public:
  explicit Rhetoric(const sdk::Host& host)
      : scorer_(host.read_file("rhetoric.model"), host.read_file("lexicon.tsv"), host.read_file("seeds/actors.json"),
                quad_of(host)) {}

  void configure(std::string_view config_json) override {
    const auto config = json::parse(config_json);
    if (!config.as_object().empty()) {
      throw sdk::InvalidConfig("rhetoric takes no configuration; unknown key `" +
                               std::string(config.as_object().begin()->key()) + "`");
    }
  }

  void analyze(const dprkwatch_article& article, std::span<const dprkwatch_annotation> /*earlier*/,
               const sdk::Results& results) override {
    const Text text{sdk::view(article.title), sdk::view(article.text), sdk::view(article.source),
                    year_of(article.published_ms)};
    if (article.unit == DPRKWATCH_UNIT_SENTENCE) {
      if (text.body.empty()) return;
      add_statement(scorer_.score_sentence(text), results);
      add_quad(text, results);
      return;
    }
    const Score score = scorer_.score(text);
    add_axis("escalation", score.escalation, score, &Statement::points, results);
    add_axis("deescalation", score.deescalation, score, &Statement::calm_points, results);
    for (const Dyad& dyad : score.dyads) {
      const std::string details = json::serialize(json::object{{"deescalation", dyad.deescalation}});
      auto annotation = sdk::annotation("dyad", dyad.escalation);
      annotation.actor = sdk::str(dyad.actor);
      annotation.target = sdk::str(dyad.target);
      annotation.details_json = sdk::str(details);
      results.add(annotation);
    }
    for (const Statement& statement : score.statements) add_statement(statement, results);
  }

 private:
  // The CAMEO head is a file that may be left out.
  static std::string_view quad_of(const sdk::Host& host) {
    try {
      return host.read_file("quad.model");
    } catch (const std::runtime_error&) {
      return {};
    }
  }

  void add_quad(const Text& text, const sdk::Results& results) {
    static constexpr std::array<const char*, 5> kNames{"neutral", "vcoop", "mcoop", "vconf", "mconf"};
    const auto probabilities = scorer_.score_quad(text);
    if (probabilities.size() != kNames.size()) return;
    json::object details;
    for (std::size_t i = 0; i < kNames.size(); ++i) details[kNames[i]] = probabilities[i];
    const std::string details_json = json::serialize(details);
    const auto best = std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
    auto annotation = sdk::annotation("quad", probabilities[static_cast<std::size_t>(best)]);
    annotation.label = sdk::str(std::string_view(kNames[static_cast<std::size_t>(best)]));
    annotation.details_json = sdk::str(details_json);
    results.add(annotation);
  }

  static void add_axis(std::string_view kind, double value, const Score& score, double Statement::*part,
                       const sdk::Results& results) {
    std::vector<dprkwatch_span> spans;
    for (const Statement& statement : score.statements) {
      if (statement.*part > 0) spans.push_back(span_of(statement, statement.*part));
    }
    const std::string level = std::to_string(score.level);
    auto annotation = sdk::annotation(kind, value);
    if (kind == "escalation") annotation.label = sdk::str(level);
    annotation.spans = spans.data();
    annotation.span_count = spans.size();
    results.add(annotation);
  }

  static void add_statement(const Statement& statement, const sdk::Results& results) {
    json::object details{{"deescalation", statement.deescalation}};
    if (!statement.glosses.empty()) {
      details["glosses"] = json::array(statement.glosses.begin(), statement.glosses.end());
    }
    const std::string details_json = json::serialize(details);
    const std::string level = std::to_string(statement.level);
    const dprkwatch_span span = span_of(statement, statement.points);
    auto annotation = sdk::annotation("statement", statement.level_expected);
    annotation.label = sdk::str(level);
    annotation.actor = sdk::str(statement.actor);
    annotation.target = sdk::str(statement.target);
    annotation.speaker = sdk::str(statement.speaker);
    annotation.voice = voice_of(statement.voice);
    annotation.conditional = statement.conditional ? 1 : 0;
    annotation.details_json = sdk::str(details_json);
    annotation.spans = &span;
    annotation.span_count = 1;
    results.add(annotation);
  }

  Scorer scorer_;
};

}  // namespace
}  // namespace dprkwatch::rhetoric

DPRKWATCH_PLUGIN(dprkwatch::rhetoric::Rhetoric, dprkwatch::rhetoric::kDescriptor)

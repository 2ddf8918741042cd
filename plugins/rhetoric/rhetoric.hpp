#pragma once
// How strongly a text threatens, who, whom, and in which sentences. The plugin's logic without its border.

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dprkwatch::rhetoric {

// What is read. Views outlive the call.
struct Text {
  std::string_view title;
  std::string_view body;
  std::string_view source;
  int year = 0;  // of publication, 0 when unknown
};

// One sentence with a finding.
struct Statement {
  bool in_title = false;
  std::size_t begin = 0;  // bytes in the title or the body
  std::size_t end = 0;
  int level = 0;              // 0..3 (CODEBOOK)
  double level_expected = 0;  // 0..3
  double deescalation = 0;    // 0..100
  bool conditional = false;
  std::string actor;  // code or NONE
  std::string target;
  std::string speaker;
  std::string voice;                 // own, quote, reported
  double points = 0;                 // of the text's escalation
  double calm_points = 0;            // of its de-escalation
  std::vector<std::string> glosses;  // "불바다: sea of fire", what a reader without the language needs
};

struct Dyad {
  std::string actor;
  std::string target;
  double escalation = 0;
  double deescalation = 0;
};

struct Score {
  double escalation = 0;              // 0..100
  double deescalation = 0;            // 0..100
  int level = 0;                      // of the strongest sentence
  std::vector<Statement> statements;  // level >= 1 or with de-escalation, in order
  std::vector<Dyad> dyads;
};

// Not thread-safe: one a worker. Throws std::runtime_error when its data can not be read.
class Scorer {
 public:
  // `quad`: of quad.model, or empty when it was left out.
  Scorer(std::string_view model, std::string_view lexicon, std::string_view actors, std::string_view quad = {});
  Scorer(const Scorer&) = delete;
  Scorer& operator=(const Scorer&) = delete;
  ~Scorer();

  [[nodiscard]] Score score(const Text& text);
  // The whole body as one sentence; always one statement.
  [[nodiscard]] Statement score_sentence(const Text& text);
  // Probabilities of the five CAMEO quad classes {neutral, vcoop, mcoop, vconf, mconf}; empty without that head.
  [[nodiscard]] std::vector<double> score_quad(const Text& text);
  // Of the model, for descriptors.
  [[nodiscard]] const std::string& model_version() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace dprkwatch::rhetoric

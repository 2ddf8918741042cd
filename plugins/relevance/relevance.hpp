#pragma once
// Whether a text is about North Korea (the DPRK), mentions it in passing, or has nothing to do with it.
//
// A linear model over counted facts: where and how often the North is named (see mentions.hpp), what else the text
// speaks of, and which words stand around the names (see features.hpp). Nothing here knows of the plugin ABI.

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace dprkwatch::relevance {

enum class Label { kNone, kPassing, kAbout };

// "none", "passing" or "about".
[[nodiscard]] std::string_view name_of(Label label) noexcept;

// Only the first kMaxTextBytes of a text are read: what a longer text is about shows before.
inline constexpr std::size_t kMaxTextBytes = 256 * 1024;
inline constexpr std::size_t kMaxTitleBytes = 4 * 1024;

// What is judged. UTF-8; bytes that are not are passed over. `text` may be a whole article or one sentence.
struct Input {
  std::string_view title;
  std::string_view text;
  std::string_view language;  // BCP 47; empty: found from the script
  std::string_view source;    // the outlet, as the feed names it
};

enum class Field { kText, kTitle };

// Bytes [begin, end) of one field that speak for the verdict, on UTF-8 borders.
struct Evidence {
  Field field = Field::kText;
  std::size_t begin = 0;
  std::size_t end = 0;
  double points = 0;  // share in the score (100 times the probability); the shares of one verdict add up to it
};

struct Verdict {
  Label label = Label::kNone;
  double probability = 0;          // that the text is about the DPRK
  double touch = 0;                // that it is about it or mentions it
  std::vector<Evidence> evidence;  // in order of weight, at most kMaxEvidence
};
inline constexpr std::size_t kMaxEvidence = 16;

// The files that a classifier is made of, as bytes.
struct Data {
  std::string_view actors_json;  // seeds/actors.json
  std::string_view places_json;  // seeds/places.json
  std::string_view lexicon_json;
  std::string_view model_json;
};

// Immutable after construction and safe to use from any thread. About 3 MiB.
class Classifier {
 public:
  // Throws std::runtime_error with the file and the reason when one can not be used.
  explicit Classifier(const Data& data);
  ~Classifier();
  Classifier(Classifier&&) noexcept;
  Classifier& operator=(Classifier&&) noexcept;

  // `about_threshold`: the least probability that is called about; the model's own when not given. O(bytes read).
  [[nodiscard]] Verdict classify(const Input& input, std::optional<double> about_threshold = {}) const;

  // The model's own threshold.
  [[nodiscard]] double about_threshold() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<const Parts> parts_;
};

}  // namespace dprkwatch::relevance

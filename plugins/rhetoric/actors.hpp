#pragma once
// Who is named in a sentence. Private to rhetoric.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rhetoric/words.hpp"

namespace dprkwatch::rhetoric {

// An actor of the gazetteer (seeds/actors.json).
struct Actor {
  std::string code;  // DPRK USA ROK JPN CHN RUS UN OTHER
  std::string name;  // for people, in English
  bool is_person = false;
};

struct Mention {
  std::size_t begin = 0;  // bytes in the sentence
  std::size_t end = 0;
  const Actor* actor = nullptr;  // lives as long as the gazetteer
};

class Gazetteer {
 public:
  // The bytes of seeds/actors.json. Throws std::runtime_error when they are not that.
  explicit Gazetteer(std::string_view json);

  // By position, without overlaps, the longest name first. Names in Korean, Japanese and Chinese are found inside
  // words, but not inside the longer words that the gazetteer lists (평양 in 태평양).
  [[nodiscard]] std::vector<Mention> find(std::string_view sentence, const std::vector<Word>& words) const;

 private:
  struct Name {
    std::vector<std::string> words;
    std::size_t actor = 0;
  };
  struct Fragment {
    std::string text;
    std::vector<std::string> not_within;
    std::size_t actor = 0;
  };
  void add_name(const std::string& name, std::size_t actor, const std::vector<std::string>& not_within);

  std::vector<Actor> actors_;
  std::unordered_map<std::string, std::vector<Name>> by_first_word_;
  std::unordered_map<std::string, std::vector<Fragment>> by_first_character_;
};

}  // namespace dprkwatch::rhetoric

#pragma once
// Who says it, at whom, and in whose words. Private to rhetoric.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "rhetoric/actors.hpp"
#include "rhetoric/lexicon.hpp"

namespace dprkwatch::rhetoric {

enum class Voice { kOwn, kQuote, kReported };

struct Attribution {
  std::string actor = "NONE";
  std::string target = "NONE";
  std::string speaker;  // by name; empty when it is the outlet
  Voice voice = Voice::kOwn;
};

// What earlier sentences of the same text leave behind.
class Thread {
 public:
  // `outlet`: the code that an outlet speaks for ("DPRK" for KCNA), or "".
  explicit Thread(std::string outlet) : outlet_(std::move(outlet)) {}

  // Attributes one sentence, in order.
  [[nodiscard]] Attribution attribute(std::string_view sentence, const std::vector<Word>& words,
                                      const std::vector<Hit>& hits, const std::vector<Mention>& named);

 private:
  [[nodiscard]] std::string target_for(const std::string& actor, const std::vector<Mention>& mentions,
                                       const Mention* speaker) const;
  [[nodiscard]] std::string recent_adversary() const;  // "" when none was named
  void remember(const std::vector<Mention>& mentions);

  std::string outlet_;
  const Actor* last_speaker_ = nullptr;
  std::vector<std::string> recent_;  // codes, the latest last
};

}  // namespace dprkwatch::rhetoric

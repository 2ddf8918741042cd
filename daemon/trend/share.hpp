#pragma once
// What one article gives to the series of its dyads. Pure.

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/analysis.hpp"
#include "result/result.hpp"

namespace dprkwatch::trend {

// State media speak for their side; the press tells what sides say. Their volumes differ by orders of magnitude and the
// press echoes the others, so they never share a series.
enum class SourceClass { kState, kPress };
[[nodiscard]] const char* name_of(SourceClass source) noexcept;  // "state", "press"

// A target that stands for all targets of an actor together.
inline constexpr std::string_view kAnyone = "*";

// One story's share in a dyad.
struct Share {
  std::string actor;
  std::string target;  // a code, or kAnyone
  SourceClass source = SourceClass::kPress;
  std::chrono::sys_days day;
  std::uint64_t story = 0;
  double escalation = 0;       // 0-100
  double deescalation = 0;     // 0-100
  int level = 0;               // 0..3, of the strongest sentence from actor to target
  bool unconditional = false;  // an explicit threat (level 3) that hangs on nothing
  int authority = 0;           // 1-10 of the highest voice among its hostile sentences, 0 unknown (seeds/README.md)
};

// Who counts as state media, and how high a voice stands.
class Voices {
 public:
  // From seeds/actors.json. Fails with kInvalidInput when it is not of that form.
  [[nodiscard]] static Result<Voices> from_json(std::string_view actors_json);

  // By the outlet's name as the configuration gives it: "KCNA", "KCNA Watch", "로동신문".
  [[nodiscard]] SourceClass class_of(std::string_view source) const;
  // Of a speaker as annotations name it; 0 when unknown.
  [[nodiscard]] int authority_of(std::string_view speaker) const;

 private:
  std::vector<std::string> outlets_;  // of the DPRK, in lower case
  std::map<std::string, int, std::less<>> authorities_;
};

// The article's shares: one a dyad, and for each actor one to kAnyone. State media that name nobody threaten anyone:
// such an article gives DPRK->* alone. Articles that are not about the subject give none, except in state media, where
// everything is said by one side of it.
[[nodiscard]] std::vector<Share> shares_of(const plugin::Analysis& analysis, SourceClass source, std::uint64_t story,
                                           std::chrono::sys_days day, const Voices& voices);

}  // namespace dprkwatch::trend

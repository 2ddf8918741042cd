#pragma once
// Tells "this article kills the plugin" from "the plugin is broken". One for each plugin that runs in processes of its
// own, shared by all chains of a host, so that it counts over workers. Private to plugin. [any thread]
//
// An article during which a process died is asked again, alone. After its third death the plugin is tried with a
// control: a text that it has answered before (the witness), or one of our own while it has answered none. Only a
// plugin that stands the control leaves the article guilty. One that dies on the control is broken, as is one that died
// kBreakerDeaths times in a row with no article to suspect, or on two articles and has answered none, or gives an error
// for the control as it did for articles: then the breaker is open, no article is blamed, and a trial follows after 1
// s, 2 s, ... 60 s.

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugin/analysis.hpp"
#include "plugin/child.hpp"
#include "plugin/health.hpp"

namespace dprkwatch::plugin {

inline constexpr int kMaxStrikes = 3;
inline constexpr int kBreakerDeaths = 5;
// Deaths of the only article there is, on a plugin that answered none yet but stands the control.
inline constexpr int kMaxStrikesUnproven = 6;

class Breaker {
 public:
  using Clock = std::chrono::steady_clock;

  // What a caller may do now. kTrial: it alone may start the plugin, and ends the trial by `died` or `stood_trial` or
  // `give_up_trial`.
  enum class Leave { kGo, kTrial, kDown };
  struct Admission {
    Leave leave = Leave::kGo;
    Clock::time_point not_before;  // kGo: a process is not started earlier
    std::string why;               // kDown: the last death
  };
  [[nodiscard]] Admission ask(Clock::time_point now);

  // What it did when it died: one article alone, which is asked again and judged after kMaxStrikes; something else (it
  // did not start, had nothing or several to do); or the trial.
  enum class During { kArticle, kOther, kTrial };
  // What follows from a death.
  struct Death {
    bool open = false;
    int in_a_row = 0;
    std::chrono::milliseconds pause{};
  };
  Death died(const std::string& why, During during, Clock::time_point now);
  // It answered a text of our own, or the witness, in a trial: articles go on.
  void stood_trial();
  void give_up_trial();
  // It answered an article, with findings (`good`) or with an error. `earlier`: what it was told of the article.
  void answered(const Input& input, const std::vector<Annotation>& earlier, bool good);

  // Counts a death on this article alone, and gives the count.
  int strike(const std::string& article);

  // The article that the plugin shall be tried with.
  struct Control {
    Input input;
    std::vector<Annotation> earlier;
    bool witness = false;  // it answered this before
  };
  [[nodiscard]] Control control() const;
  // After the plugin died on an article `strikes` times, at least kMaxStrikes.
  enum class Verdict { kGuilty, kWait, kBroken };
  // `witness`: the control that it stood. kBroken opens the breaker.
  [[nodiscard]] Verdict judge(const std::string& article, int strikes, bool witness, Clock::time_point now);
  // It died on the control: opens the breaker.
  Death broken(const std::string& why, Clock::time_point now);

  [[nodiscard]] State state() const;
  // It is open, and whoever asks next makes the trial.
  [[nodiscard]] bool is_trial_due(Clock::time_point now) const;

 private:
  std::chrono::milliseconds open(Clock::time_point now);

  mutable std::mutex mutex_;  // guards the rest
  int deaths_ = 0;            // in a row, without an answer
  int unexplained_ = 0;       // of them, those with no article to suspect
  int openings_ = 0;          // in a row, without an answer to an article
  bool open_ = false;
  bool trial_ = false;  // somebody is at it
  Clock::time_point not_before_;
  std::string last_death_;
  std::map<std::string, int> strikes_;
  std::set<std::string> suspects_;  // killed it before it had answered any
  std::optional<Control> witness_;
};

}  // namespace dprkwatch::plugin

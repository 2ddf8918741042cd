#include "plugin/breaker.hpp"

#include <algorithm>
#include <utility>

namespace dprkwatch::plugin {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{50};     // before the second restart in a row; doubles
constexpr milliseconds kRestartPause{200};  // the longest of them
constexpr milliseconds kFirstTrial{1000};   // how long the breaker stays open at first; doubles
constexpr milliseconds kLongestPause{60'000};
constexpr std::size_t kMaxWitness = 64 * 1024;  // bytes of text that are kept of it

milliseconds doubled(milliseconds first, int times) {
  return std::min(kLongestPause, first * (1 << std::clamp(times, 0, 16)));
}

Input text_of_our_own() {
  Input input;
  input.id = "dprkwatch-trial";
  input.title = "A short text to see whether the analyzer runs";
  input.text = "The ministry said on Monday that talks would go on.\n";
  input.language = "en";
  return input;
}

}  // namespace

Breaker::Admission Breaker::ask(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (!open_) return {Leave::kGo, not_before_, {}};
  if (trial_ || now < not_before_) return {Leave::kDown, not_before_, last_death_};
  trial_ = true;
  return {Leave::kTrial, not_before_, {}};
}

milliseconds Breaker::open(Clock::time_point now) {
  open_ = true;
  trial_ = false;
  const milliseconds pause = doubled(kFirstTrial, openings_++);
  not_before_ = now + pause;
  return pause;
}

Breaker::Death Breaker::died(const std::string& why, During during, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  ++deaths_;
  if (during == During::kOther) ++unexplained_;
  last_death_ = why;
  // While it is open only the trial decides; another worker's process may still die meanwhile.
  if (open_ && during != During::kTrial) return {true, deaths_, std::chrono::ceil<milliseconds>(not_before_ - now)};
  if (open_ || unexplained_ >= kBreakerDeaths) return {true, deaths_, open(now)};
  const milliseconds pause =
      deaths_ == 1 ? milliseconds(0) : std::min(kRestartPause, doubled(kFirstPause, deaths_ - 2));
  not_before_ = now + pause;
  return {false, deaths_, pause};
}

Breaker::Death Breaker::broken(const std::string& why, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  ++deaths_;
  last_death_ = why;
  return {true, deaths_, open(now)};
}

void Breaker::stood_trial() {
  const std::lock_guard lock(mutex_);
  open_ = trial_ = false;
  deaths_ = unexplained_ = 0;
}

void Breaker::give_up_trial() {
  const std::lock_guard lock(mutex_);
  trial_ = false;
}

void Breaker::answered(const Input& input, const std::vector<Annotation>& earlier, bool good) {
  const std::lock_guard lock(mutex_);
  // A child of before the breaker opened may still answer; the trial decides.
  if (!open_) deaths_ = unexplained_ = 0;
  if (!strikes_.empty()) strikes_.erase(input.id);
  if (!good) return;
  openings_ = 0;
  if (witness_) return;
  suspects_.clear();
  if (input.text.size() <= kMaxWitness) witness_ = Control{input, earlier, true};
}

int Breaker::strike(const std::string& article) {
  const std::lock_guard lock(mutex_);
  return ++strikes_[article];
}

Breaker::Control Breaker::control() const {
  const std::lock_guard lock(mutex_);
  return witness_ ? *witness_ : Control{text_of_our_own(), {}, false};
}

Breaker::Verdict Breaker::judge(const std::string& article, int strikes, bool witness, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  deaths_ = unexplained_ = 0;
  if (!witness) {
    suspects_.insert(article);
    if (suspects_.size() > 1) {
      last_death_ = "it died on " + std::to_string(suspects_.size()) + " articles and has answered none";
      open(now);
      return Verdict::kBroken;
    }
    if (strikes < kMaxStrikesUnproven) return Verdict::kWait;
  }
  strikes_.erase(article);
  return Verdict::kGuilty;
}

bool Breaker::is_trial_due(Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  return open_ && !trial_ && now >= not_before_;
}

State Breaker::state() const {
  const std::lock_guard lock(mutex_);
  return open_ ? State::kDown : deaths_ > 0 ? State::kRestarting : State::kUp;
}

}  // namespace dprkwatch::plugin

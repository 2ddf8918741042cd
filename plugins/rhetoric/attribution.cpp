#include "rhetoric/attribution.hpp"

#include <algorithm>

#include "rhetoric/state_media.hpp"

namespace dprkwatch::rhetoric {
namespace {

struct Quotes {
  std::vector<std::pair<std::size_t, std::size_t>> spans;
  std::size_t bytes = 0;

  [[nodiscard]] bool contains(std::size_t at) const {
    return std::any_of(spans.begin(), spans.end(),
                       [&](const auto& span) { return at >= span.first && at < span.second; });
  }
};

// "..." and “...” and ‘...’ are not told apart by kind: an opening mark runs to the next closing one, else to the end.
Quotes quotes_of(std::string_view sentence) {
  Quotes quotes;
  std::size_t open = std::string_view::npos;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const bool straight = sentence[i] == '"';
    const bool opens = sentence.substr(i, 3) == "\u201c" || (straight && open == std::string_view::npos);
    const bool closes = sentence.substr(i, 3) == "\u201d" || (straight && open != std::string_view::npos);
    if (opens) {
      open = i;
    } else if (closes && open != std::string_view::npos) {
      quotes.spans.emplace_back(open, i);
      quotes.bytes += i - open;
      open = std::string_view::npos;
    }
  }
  if (open != std::string_view::npos) {
    quotes.spans.emplace_back(open, sentence.size());
    quotes.bytes += sentence.size() - open;
  }
  return quotes;
}

bool is_conflict_party(const std::string& code) {
  return code != "OTHER" && code != "UN";
}

// The mention that a verb of saying belongs to: the nearest before it outside quotations ("Kim said"), else the nearest
// after it ("..., said Kim").
const Mention* speaker_of(const std::vector<Mention>& mentions, const Quotes& quotes, const Hit& verb) {
  const Mention* before = nullptr;
  for (const Mention& mention : mentions) {
    if (quotes.contains(mention.begin)) continue;
    if (mention.end <= verb.begin) {
      // The subject stands first: "North Korea warned the U.S."; a person named with the body is the better name.
      if (before == nullptr || (mention.actor->code == before->actor->code && mention.actor->is_person))
        before = &mention;
    } else if (before == nullptr && mention.begin >= verb.end && mention.begin - verb.end < 40) {
      return &mention;
    }
  }
  return before;
}

}  // namespace

void Thread::remember(const std::vector<Mention>& mentions) {
  for (const Mention& mention : mentions) {
    std::erase(recent_, mention.actor->code);
    recent_.push_back(mention.actor->code);
  }
}

std::string Thread::recent_adversary() const {
  for (auto code = recent_.rbegin(); code != recent_.rend(); ++code) {
    if (*code == "USA" || *code == "ROK" || *code == "JPN") return *code;
  }
  return {};
}

std::string Thread::target_for(const std::string& actor, const std::vector<Mention>& mentions,
                               const Mention* speaker) const {
  // The other side that is named after the speaker, else before, else the last one that the text spoke of.
  for (const bool after : {true, false}) {
    for (const Mention& mention : mentions) {
      if (mention.actor->code == actor || !is_conflict_party(mention.actor->code)) continue;
      if (!after || speaker == nullptr || mention.begin >= speaker->end) return mention.actor->code;
    }
  }
  for (auto code = recent_.rbegin(); code != recent_.rend(); ++code) {
    if (*code != actor && is_conflict_party(*code)) return *code;
  }
  return "NONE";
}

Attribution Thread::attribute(std::string_view sentence, const std::vector<Word>& words, const std::vector<Hit>& hits,
                              const std::vector<Mention>& mentions) {
  Attribution found;
  const Quotes quotes = quotes_of(sentence);
  const Hit* verb = nullptr;
  for (const Hit& hit : hits) {
    if (hit.sign == Sign::kSpeech && !quotes.contains(hit.begin)) {
      verb = &hit;
      break;
    }
  }
  const bool mostly_quoted = 2 * quotes.bytes > sentence.size();
  const Mention* speaker = verb == nullptr ? nullptr : speaker_of(mentions, quotes, *verb);
  const Actor* who = speaker == nullptr ? nullptr : speaker->actor;
  const bool first_person = std::any_of(words.begin(), words.end(), [](const Word& word) {
    return word.text == "we" || word.text == "our" || word.text == "us";
  });
  if (quotes.bytes > 0 && (verb != nullptr || mostly_quoted)) {
    found.voice = Voice::kQuote;
  } else if (verb != nullptr) {
    found.voice = Voice::kReported;
  }
  if (found.voice != Voice::kOwn && who == nullptr) who = last_speaker_;
  if (who != nullptr) {
    found.actor = who->code;
    found.speaker = who->name;
    last_speaker_ = who;
  } else if (!outlet_.empty()) {
    found.actor = outlet_;
  } else if (first_person && last_speaker_ != nullptr) {
    found.actor = last_speaker_->code;
    found.speaker = last_speaker_->name;
  } else {
    // In the writer's own words the first side named acts.
    for (const Mention& mention : mentions) {
      if (!is_conflict_party(mention.actor->code)) continue;
      found.actor = mention.actor->code;
      speaker = &mention;
      break;
    }
  }
  if (outlet_ == "DPRK") {
    const Direction direction = state_media_direction(words, mentions, recent_adversary());
    found.actor = direction.actor;
    found.target = direction.target;
    if (who != nullptr && who->code != found.actor) found.speaker.clear();
  } else if (!outlet_.empty()) {
    // A government's own words about the DPRK are meant for it, whoever else they name.
    found.actor = outlet_;
    const bool names_dprk = std::any_of(mentions.begin(), mentions.end(),
                                        [](const Mention& mention) { return mention.actor->code == "DPRK"; });
    found.target = names_dprk ? "DPRK" : target_for(found.actor, mentions, nullptr);
  } else if (found.actor != "NONE") {
    found.target = target_for(found.actor, mentions, speaker);
  }
  remember(mentions);
  return found;
}

}  // namespace dprkwatch::rhetoric

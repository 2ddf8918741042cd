#include "rhetoric/attribution.hpp"

#include <algorithm>

#include "rhetoric/state_media.hpp"
#include "rhetoric/subject.hpp"

namespace dprkwatch::rhetoric {
namespace {

constexpr std::size_t kClosing = 12;  // bytes from a closing verb's end to the sentence's

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

// The verb that tells who speaks: one that closes the sentence ("..., the spokesman added."), else the first outside
// quotations.
const Hit* verb_of_saying(std::string_view sentence, const std::vector<Hit>& hits, const Quotes& quotes) {
  const Hit* verb = nullptr;
  for (const Hit& hit : hits) {
    if (hit.sign != Sign::kSpeech || quotes.contains(hit.begin)) continue;
    if (verb == nullptr || sentence.size() - hit.end <= kClosing) verb = &hit;
  }
  return verb;
}

// Where the clause of a closing verb begins ("..., North Korea's army said."), when somebody is named in it; else 0.
std::size_t clause_of(std::string_view sentence, const std::vector<Mention>& mentions, const Hit& verb) {
  const bool latin =
      static_cast<unsigned char>(sentence[verb.begin]) < 0x80;  // a Korean sentence always ends in its verb
  if (!latin || sentence.size() - verb.end > kClosing) return 0;
  const auto comma = sentence.rfind(',', verb.begin);
  if (comma == std::string_view::npos) return 0;
  const bool named = std::any_of(mentions.begin(), mentions.end(), [&](const Mention& mention) {
    return mention.begin > comma && mention.end <= verb.begin;
  });
  return named ? comma : 0;
}

// The mention that a verb of saying belongs to: the nearest before it outside quotations ("Kim said"), else the nearest
// after it ("..., said Kim").
const Mention* speaker_of(std::string_view sentence, const std::vector<Mention>& mentions, const Quotes& quotes,
                          const Hit& verb) {
  const Mention* before = nullptr;
  const std::size_t clause = clause_of(sentence, mentions, verb);
  for (const Mention& mention : mentions) {
    if (quotes.contains(mention.begin) || mention.begin < clause) continue;
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
                              const std::vector<Mention>& named) {
  Attribution found;
  const Quotes quotes = quotes_of(sentence);
  // "우리 군" in a quotation is the speaker's own army, whatever it is called in the outlet's country.
  std::vector<Mention> mentions = named;
  std::erase_if(mentions, [&](const Mention& mention) {
    return quotes.contains(mention.begin) && sentence.substr(mention.begin).starts_with("우리");
  });
  const Hit* verb = verb_of_saying(sentence, hits, quotes);
  const bool mostly_quoted = 2 * quotes.bytes > sentence.size();
  const auto quoted = [&](std::size_t at) { return quotes.contains(at); };
  const bool goes_on = last_speaker_ != nullptr && speaker_goes_on(sentence, mentions, quoted);
  const Mention* speaker = verb == nullptr || goes_on ? nullptr : speaker_of(sentence, mentions, quotes, *verb);
  const Mention* topic = topic_of(sentence, mentions, quoted);
  if (topic != nullptr && verb != nullptr) speaker = topic;
  if (verb != nullptr && last_speaker_ != nullptr && speaker_is_referred_to(words, mentions, verb->begin)) {
    speaker = nullptr;
  }
  const Actor* who = speaker == nullptr ? nullptr : speaker->actor;
  const bool first_person = std::any_of(words.begin(), words.end(), [](const Word& word) {
    return word.text == "we" || word.text == "our" || word.text == "us";
  });
  if (quotes.bytes > 0 && (verb != nullptr || mostly_quoted)) {
    found.voice = Voice::kQuote;
  } else if (verb != nullptr) {
    found.voice = Voice::kReported;
  } else if (goes_on) {
    found.voice = Voice::kReported;
  }
  if (found.voice != Voice::kOwn && who == nullptr) who = last_speaker_;
  if (who != nullptr) {
    found.actor = who->code;
    found.speaker = who->name;
    last_speaker_ = who;
  } else if (topic != nullptr) {
    last_speaker_ = topic->actor;
    found.actor = topic->actor->code;
    speaker = topic;
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

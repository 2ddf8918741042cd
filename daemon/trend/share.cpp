#include "trend/share.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace dprkwatch::trend {
namespace {

namespace json = boost::json;

constexpr std::string_view kNorth = "DPRK";

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// `name` in `text` with no ASCII letter or digit beside it.
bool names(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const bool left = at == 0 || !is_word(text[at - 1]) || !is_word(name.front());
    const auto end = at + name.size();
    const bool right = end == text.size() || !is_word(text[end]) || !is_word(name.back());
    if (left && right) return true;
  }
  return false;
}

std::vector<std::string> names_of(const json::object& actor) {
  std::vector<std::string> found;
  for (const auto& [language, list] : actor.at("names").as_object()) {
    for (const json::value& name : list.as_array()) found.emplace_back(name.as_string());
  }
  if (const auto* ambiguous = actor.if_contains("ambiguous")) {
    for (const json::value& name : ambiguous->as_array()) std::erase(found, std::string(name.as_string()));
  }
  return found;
}

int level_of(const plugin::Annotation& statement) {
  return statement.label.size() == 1 ? std::clamp(statement.label[0] - '0', 0, 3) : 0;
}

// Level, condition and voice from the sentences of the pair; with kAnyone, of all its targets.
void take_sentences(const plugin::Analysis& analysis, const Voices& voices, Share& share) {
  for (const plugin::Annotation& statement : analysis.annotations) {
    if (statement.kind != "statement" || statement.actor != share.actor) continue;
    if (share.target != kAnyone && statement.target != share.target) continue;
    const int level = level_of(statement);
    share.level = std::max(share.level, level);
    if (level < 1) continue;
    share.unconditional = share.unconditional || (level == 3 && !statement.conditional);
    share.authority = std::max(share.authority, voices.authority_of(statement.speaker));
  }
}

}  // namespace

const char* name_of(SourceClass source) noexcept {
  switch (source) {
    case SourceClass::kState:
      return "state";
    case SourceClass::kPress:
      return "press";
  }
  return "press";
}

Result<Voices> Voices::from_json(std::string_view actors_json) {
  json::error_code problem;
  const json::value document = json::parse(actors_json, problem);
  Voices voices;
  try {
    if (problem) throw std::runtime_error(problem.message());
    for (const json::value& value : document.as_object().at("actors").as_array()) {
      const json::object& actor = value.as_object();
      if (actor.at("code").as_string() != kNorth) continue;
      const auto known = names_of(actor);
      if (actor.at("type").as_string() == "outlet") {
        for (const std::string& name : known) voices.outlets_.push_back(lower(name));
      }
      const json::value& authority = actor.at("authority");
      if (!authority.is_number()) continue;
      for (const std::string& name : known) voices.authorities_[name] = authority.to_number<int>();
    }
  } catch (const std::exception& error) {
    return fail(ErrorCode::kInvalidInput, std::string("not a gazetteer of actors: ") + error.what(), "actors.json");
  }
  return voices;
}

SourceClass Voices::class_of(std::string_view source) const {
  const std::string name = lower(source);
  const bool state =
      std::any_of(outlets_.begin(), outlets_.end(), [&](const std::string& outlet) { return names(name, outlet); });
  return state ? SourceClass::kState : SourceClass::kPress;
}

int Voices::authority_of(std::string_view speaker) const {
  const auto found = authorities_.find(speaker);
  return found == authorities_.end() ? 0 : found->second;
}

std::vector<Share> shares_of(const plugin::Analysis& analysis, SourceClass source, std::uint64_t story,
                             std::chrono::sys_days day, const Voices& voices) {
  std::vector<Share> shares;
  const bool state = source == SourceClass::kState;
  if (!state && analysis.relevance != plugin::Relevance::kAbout) return shares;
  std::map<std::string, Share> outward;
  for (const plugin::Dyad& dyad : analysis.dyads) {
    Share share{dyad.actor, dyad.target, source, day, story, dyad.escalation, dyad.deescalation};
    take_sentences(analysis, voices, share);
    auto [sum, fresh] = outward.try_emplace(dyad.actor, share);
    sum->second.target = kAnyone;
    sum->second.escalation = std::max(sum->second.escalation, dyad.escalation);
    sum->second.deescalation = std::max(sum->second.deescalation, dyad.deescalation);
    shares.push_back(std::move(share));
  }
  if (analysis.dyads.empty() && state && analysis.level >= 1) {
    Share share{std::string(kNorth), std::string(kAnyone),  source,        day, story,
                analysis.escalation, analysis.deescalation, analysis.level};
    for (const plugin::Annotation& statement : analysis.annotations) {
      if (statement.kind != "statement" || level_of(statement) < 1) continue;
      share.unconditional = share.unconditional || (level_of(statement) == 3 && !statement.conditional);
      share.authority = std::max(share.authority, voices.authority_of(statement.speaker));
    }
    shares.push_back(std::move(share));
  }
  for (auto& [actor, share] : outward) {
    take_sentences(analysis, voices, share);
    if (state && actor == kNorth) share.level = std::max(share.level, analysis.level);
    shares.push_back(std::move(share));
  }
  return shares;
}

}  // namespace dprkwatch::trend

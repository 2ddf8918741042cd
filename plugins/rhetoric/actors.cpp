#include "rhetoric/actors.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>
#include <stdexcept>

namespace dprkwatch::rhetoric {
namespace {

namespace json = boost::json;

std::size_t character_size(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

// Written without blanks between words: Hangul, kana, Han.
bool is_cjk(std::string_view name) {
  return !name.empty() && static_cast<unsigned char>(name.front()) >= 0xe3;
}

std::vector<std::string> texts_at(const json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_array()) return texts;
  for (const auto& item : value->as_array()) {
    if (item.is_string()) texts.emplace_back(item.as_string());
  }
  return texts;
}

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// "kim's" names Kim.
std::string_view base_of(std::string_view word) {
  if (word.ends_with("'s")) word.remove_suffix(2);
  return word;
}

bool is_capital(std::string_view name) {
  return name == "Seoul" || name == "Tokyo";
}

bool is_initials(std::string_view name) {
  return name.size() >= 3 && std::all_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// "in Seoul": where, not who.
bool is_place_there(const std::vector<Word>& words, std::size_t i) {
  static constexpr std::array<std::string_view, 9> kBefore{"in", "at", "from",    "near", "around",
                                                           "of", "on", "outside", "north"};
  if (i == 0) return false;
  return std::find(kBefore.begin(), kBefore.end(), words[i - 1].text) != kBefore.end();
}

// "SEOUL (Reuters) - ", "WASHINGTON — ": where a report was written.
bool is_dateline(std::string_view sentence, std::string_view written, std::size_t end) {
  const bool capitals = std::none_of(written.begin(), written.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  const std::string_view rest = sentence.substr(end, 5);
  return capitals && (rest.starts_with(" (") || rest.starts_with(" -") || rest.starts_with(", ") ||
                      rest.starts_with(" \u2014") || rest.starts_with(" \u2013"));
}

bool inside_longer(std::string_view sentence, std::size_t at, std::string_view name,
                   const std::vector<std::string>& longer_words) {
  return std::any_of(longer_words.begin(), longer_words.end(), [&](const std::string& longer) {
    const auto offset = longer.find(name);
    return offset != std::string::npos && at >= offset && sentence.substr(at - offset, longer.size()) == longer;
  });
}

}  // namespace

Gazetteer::Gazetteer(std::string_view bytes) {
  json::error_code error;
  const auto document = json::parse(bytes, error);
  if (error || !document.is_object() || !document.as_object().contains("actors")) {
    throw std::runtime_error("seeds/actors.json is no gazetteer of actors");
  }
  for (const auto& item : document.at("actors").as_array()) {
    const json::object& entry = item.as_object();
    Actor actor{text_at(entry, "code"), {}, text_at(entry, "type") == "person"};
    const auto doubtful_list = texts_at(entry, "ambiguous");
    const std::set<std::string> doubtful(doubtful_list.begin(), doubtful_list.end());
    std::vector<std::string> names;
    for (const auto& [language, list] : entry.at("names").as_object()) {
      for (const auto& name : list.as_array()) names.emplace_back(name.as_string());
    }
    actor.name = names.empty() ? text_at(entry, "id") : names.front();
    const std::size_t index = actors_.size();
    actors_.push_back(std::move(actor));
    for (std::string& alias : texts_at(entry, "aliases")) names.push_back(std::move(alias));
    for (const std::string& name : names) {
      // In a text about the DPRK "the North" is it; a bare "Kim" or "NK" may be anybody.
      // A capital stands for its government where no preposition makes it a place; initials are sure enough.
      const bool kept = name.starts_with("the ") || is_cjk(name) || is_capital(name) || is_initials(name);
      if (doubtful.contains(name) && !kept) continue;
      std::vector<std::string> longer;
      if (const auto* within = entry.if_contains("not_within")) longer = texts_at(within->as_object(), name);
      add_name(name, index, longer);
    }
  }
}

void Gazetteer::add_name(const std::string& name, std::size_t actor, const std::vector<std::string>& not_within) {
  if (is_cjk(name)) {
    const std::string key = name.substr(0, character_size(static_cast<unsigned char>(name.front())));
    auto& fragments = by_first_character_[key];
    fragments.push_back({name, not_within, actor});
    std::stable_sort(fragments.begin(), fragments.end(),
                     [](const Fragment& a, const Fragment& b) { return a.text.size() > b.text.size(); });
    return;
  }
  Name entry;
  for (const Word& word : words_of(name)) entry.words.emplace_back(base_of(word.text));
  entry.actor = actor;
  if (entry.words.empty()) return;
  auto& names = by_first_word_[entry.words.front()];
  names.push_back(std::move(entry));
  std::stable_sort(names.begin(), names.end(),
                   [](const Name& a, const Name& b) { return a.words.size() > b.words.size(); });
}

std::vector<Mention> Gazetteer::find(std::string_view sentence, const std::vector<Word>& words) const {
  std::vector<Mention> mentions;
  for (std::size_t i = 0; i < words.size();) {
    std::size_t used = 1;
    const auto found = by_first_word_.find(std::string(base_of(words[i].text)));
    if (found != by_first_word_.end()) {
      for (const Name& name : found->second) {
        if (i + name.words.size() > words.size()) continue;
        bool fits = true;
        for (std::size_t j = 1; fits && j < name.words.size(); ++j) fits = base_of(words[i + j].text) == name.words[j];
        // "us" is no country: one- and two-letter names count in capitals only.
        const std::size_t last = i + name.words.size() - 1;
        const std::string_view written = sentence.substr(words[i].begin, words[last].end - words[i].begin);
        const bool short_name = name.words.size() == 1 && name.words.front().size() <= 2;
        if (fits && short_name) fits = written[0] >= 'A' && written[0] <= 'Z' && written[1] >= 'A' && written[1] <= 'Z';
        if (fits && i == 0) fits = !is_dateline(sentence, written, words[last].end);
        if (fits && is_capital(written.substr(0, 5))) fits = !is_place_there(words, i);
        if (!fits) continue;
        mentions.push_back({words[i].begin, words[last].end, &actors_[name.actor]});
        used = name.words.size();
        break;
      }
    }
    i += used;
  }
  for (std::size_t at = 0; at < sentence.size();) {
    std::size_t step = character_size(static_cast<unsigned char>(sentence[at]));
    const auto found =
        step > 1 ? by_first_character_.find(std::string(sentence.substr(at, step))) : by_first_character_.end();
    if (found != by_first_character_.end()) {
      for (const Fragment& fragment : found->second) {
        if (!sentence.substr(at).starts_with(fragment.text)) continue;
        if (inside_longer(sentence, at, fragment.text, fragment.not_within)) continue;
        mentions.push_back({at, at + fragment.text.size(), &actors_[fragment.actor]});
        step = fragment.text.size();
        break;
      }
    }
    at += step;
  }
  std::stable_sort(mentions.begin(), mentions.end(),
                   [](const Mention& a, const Mention& b) { return a.begin < b.begin; });
  return mentions;
}

}  // namespace dprkwatch::rhetoric

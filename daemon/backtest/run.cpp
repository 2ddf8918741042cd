#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <tuple>

#include "article/article.hpp"
#include "backtest/alerts.hpp"
#include "backtest/backtest.hpp"
#include "backtest/finding.hpp"
#include "backtest/journal.hpp"
#include "story/story.hpp"
#include "trend/ledger.hpp"
#include "workers/ordered.hpp"

namespace dprkwatch::backtest {
namespace {

constexpr auto kProgressPause = std::chrono::milliseconds(200);
constexpr const char* kBlank = "-";

// What a worker makes of a line.
struct Made {
  std::string journal;  // the finding's line, kBlank, or {"failed": reason}
  story::Sketch sketch;
  std::string fresh;  // id of the story, if it is a new one
  bool kept = false;  // from the journal
};

std::string failure(const std::string& reason) {
  return boost::json::serialize(boost::json::object{{"failed", reason}});
}

// The same text months later is told anew: 16 hex digits from the text and the day.
std::string story_id(const plugin::Input& input, std::chrono::sys_days day) {
  const auto key = std::stoull(article::story_key(input.title, input.text).substr(0, 16), nullptr, 16);
  const auto salt = static_cast<std::uint64_t>(day.time_since_epoch().count()) * 0x9E3779B97F4A7C15ULL;
  std::array<char, 20> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(key ^ salt));
  return text.data();
}

Made make(const std::string& text, std::uint64_t number, const std::vector<std::string>& kept, plugin::Chain& chain,
          const Options& options, const trend::Voices& voices) {
  Made made;
  if (text.find_first_not_of(" \t\r") == std::string::npos) {
    made.journal = kBlank;
    return made;
  }
  const auto line = read_line(text, options);
  if (!line) {
    made.journal = failure(line.error().message);
    return made;
  }
  made.sketch = story::sketch_of(line->input.title, line->input.text);
  made.fresh = story_id(line->input, line->day);
  if (number <= kept.size()) {
    made.journal = kept[number - 1];
    made.kept = true;
    return made;
  }
  const auto analysis = chain.analyze(line->input, /*complete=*/true);
  made.journal = analysis ? to_journal(find(*line, *analysis, options, voices)) : failure(describe(analysis.error()));
  return made;
}

// A run is resumed only by one that would find the same.
std::string run_name(const Options& options, const plugin::Host& host, std::uint64_t bytes) {
  boost::json::object name{{"archive", options.articles}, {"bytes", bytes}, {"utc_offset", options.utc_offset.count()}};
  std::error_code problem;
  const auto written = std::filesystem::last_write_time(options.articles, problem);
  if (!problem) name["written"] = written.time_since_epoch().count();
  boost::json::array analyzers;
  for (const plugin::PluginInfo& plugin : host.plugins())
    analyzers.push_back(boost::json::value{plugin.id, plugin.version});
  name["analyzers"] = std::move(analyzers);
  name["rules"] = article::story_key("", options.rules_text);
  return boost::json::serialize(name);
}

// Takes findings in the archive's order.
class Gatherer {
 public:
  Gatherer(const Options& options, const trend::Voices& voices, Journal& journal, std::uint64_t bytes)
      : options_(options), voices_(voices), journal_(journal), bytes_total_(bytes) {}

  void take(Made made, std::uint64_t number, std::uint64_t bytes) {
    if (!made.kept) journal_.append(made.journal);
    report(bytes);
    if (made.journal == kBlank) return;
    ++outcome_.articles;
    auto finding = from_journal(made.journal);
    if (!finding) {
      fail_line(made.journal, number);
      return;
    }
    if (made.kept) ++outcome_.resumed;
    finding->line = number;
    const story::Place place = stories_.place(std::move(made.sketch), finding->day, std::move(made.fresh));
    finding->story = place.story;
    finding->copy = place.copy;
    outcome_.stories += place.copy ? 0 : 1;
    add(std::move(*finding));
  }

  Outcome finish() {
    for (const trend::Pair& pair : ledger_.pairs()) {
      outcome_.courses.emplace(pair, trend::course_of(ledger_.days(pair)));
    }
    outcome_.alerts = alerts_of(outcome_.courses, threats_, hits_, options_.rules);
    report(bytes_total_);
    return std::move(outcome_);
  }

 private:
  void add(Finding finding) {
    const trend::SourceClass source = voices_.class_of(finding.outlet);
    const std::uint64_t id = std::stoull(finding.story, nullptr, 16);
    if (finding.counts) ledger_.add_story(source, id, finding.day);
    for (trend::Share& share : finding.shares) {
      share.story = id;
      share.source = source;
      ledger_.add(share);
    }
    for (const std::size_t rule : finding.rules) {
      if (raised_.emplace(rule, finding.story).second) hits_.push_back({rule, finding});
    }
    if (finding.level >= 2 && !finding.copy) threats_.push_back(std::move(finding));
  }

  void fail_line(const std::string& journal, std::uint64_t number) {
    if (outcome_.failed++ > 0) return;
    boost::json::error_code problem;
    const auto value = boost::json::parse(journal, problem);
    std::string reason = "a damaged journal; delete it and run again";
    if (!problem && value.is_object() && value.as_object().contains("failed")) {
      reason = std::string(value.at("failed").as_string());
    }
    outcome_.first_failure = "line " + std::to_string(number) + ": " + reason;
  }

  void report(std::uint64_t bytes) {
    const auto now = std::chrono::steady_clock::now();
    if (!options_.on_progress || (now - reported_ < kProgressPause && bytes < bytes_total_)) return;
    reported_ = now;
    options_.on_progress({outcome_.articles, bytes, bytes_total_});
  }

  const Options& options_;
  const trend::Voices& voices_;
  Journal& journal_;
  std::uint64_t bytes_total_;
  std::chrono::steady_clock::time_point reported_{};
  story::Index stories_;
  trend::Ledger ledger_;
  std::vector<Finding> threats_;
  std::vector<Hit> hits_;
  std::set<std::pair<std::size_t, std::string>> raised_;
  Outcome outcome_;
};

}  // namespace

Result<Outcome> run(const Options& options, plugin::Host& host) {
  std::ifstream archive(options.articles, std::ios::binary);
  std::error_code problem;
  const std::uint64_t bytes = std::filesystem::file_size(options.articles, problem);
  if (!archive || problem) return fail(ErrorCode::kNotFound, "cannot read the archive", options.articles);
  const auto voices = trend::Voices::from_json(options.actors_json);
  if (!voices) return tl::unexpected(voices.error());
  auto journal = Journal::open(options.journal, run_name(options, host, bytes));
  if (!journal) return tl::unexpected(std::move(journal.error()));
  std::vector<std::unique_ptr<plugin::Chain>> chains;
  std::vector<Ordered<std::vector<Made>>::Work> works;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options.workers); ++i) {
    auto chain = host.make_chain();
    if (!chain) return tl::unexpected(std::move(chain.error()));
    chains.push_back(std::move(*chain));
    works.emplace_back([&journal, &options, &voices, chain = chains.back().get()](const LineBatch& batch) {
      std::vector<Made> made;
      made.reserve(batch.lines.size());
      for (std::size_t k = 0; k < batch.lines.size(); ++k) {
        made.push_back(make(batch.lines[k], batch.first + k, journal->kept(), *chain, options, *voices));
      }
      return made;
    });
  }
  Gatherer gatherer(options, *voices, *journal, bytes);
  Ordered<std::vector<Made>>::run(archive, works, [&](std::vector<Made> made, const LineBatch& batch) {
    for (std::size_t k = 0; k < made.size(); ++k) gatherer.take(std::move(made[k]), batch.first + k, batch.bytes);
  });
  Outcome outcome = gatherer.finish();
  journal->finish();
  return outcome;
}

}  // namespace dprkwatch::backtest

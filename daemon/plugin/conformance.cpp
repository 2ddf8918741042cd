#include "plugin/conformance.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "plugin/analyze.hpp"
#include "plugin/conversation.hpp"
#include "plugin/library.hpp"

namespace dprkwatch::plugin {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLongText = 10'000'000;
constexpr std::size_t kManyArticles = 10'000;
constexpr std::size_t kThreads = 8;
constexpr int kRestarts = 20;
constexpr std::string_view kPassage =
    "The Korean Central News Agency said on Sunday that the country would answer the drills with \"merciless\" force. "
    "Talks in Geneva go on.\n";

// One sentence in each script that articles come in, and characters that break naive code.
constexpr std::array<std::pair<const char*, const char*>, 14> kScripts{{
    {"Latin", "Pyongyang threatened \u201cfire\u201d \u2013 na\u00efve caf\u00e9, stra\u00dfe."},
    {"Hangul", "\uc870\uc120\uc911\uc559\ud1b5\uc2e0\uc740 \ud575 \uc2dc\ud5d8\uc744 \ubcf4\ub3c4\ud588\ub2e4."},
    {"Han", "\u671d\u9c9c\u5ba3\u5e03\u6838\u8bd5\u9a8c\u3002"},
    {"Kana", "\u30df\u30b5\u30a4\u30eb\u3092\u767a\u5c04\u3057\u305f\u3002"},
    {"Cyrillic", "\u041a\u041d\u0414\u0420 \u0443\u0433\u0440\u043e\u0436\u0430\u0435\u0442."},
    {"Arabic",
     "\u0643\u0648\u0631\u064a\u0627 \u0627\u0644\u0634\u0645\u0627\u0644\u064a\u0629 \u062a\u0647\u062f\u062f."},
    {"Hebrew", "\u05e6\u05e4\u05d5\u05df \u05e7\u05d5\u05e8\u05d9\u05d0\u05d4."},
    {"Devanagari", "\u0909\u0924\u094d\u0924\u0930 \u0915\u094b\u0930\u093f\u092f\u093e\u0964"},
    {"Thai", "\u0e40\u0e01\u0e32\u0e2b\u0e25\u0e35\u0e40\u0e2b\u0e19\u0e37\u0e2d"},
    {"Greek", "\u0392\u03cc\u03c1\u03b5\u03b9\u03b1 \u039a\u03bf\u03c1\u03ad\u03b1."},
    {"beyond the BMP", "\U0001F680\U0001F1F0\U0001F1F5 \U00020000 \U0001D11E"},
    {"combining marks", "e\u0301\u0302\u0303\u0304 \u1112\u1161\u11ab"},
    {"invisible characters", "a\u200bb\u200d\u202ec\ufeff\u2028"},
    {"no word at all", "\n\n \t\n!!??\u2026"},
}};

Input article(std::string id, std::string text) {
  Input input;
  input.id = std::move(id);
  input.title = "A title \u2014 with a dash";
  input.text = std::move(text);
  input.language = "en";
  input.source = "KCNA";
  return input;
}

std::string text_of_size(std::size_t bytes) {
  std::string text;
  while (text.size() + kPassage.size() <= bytes) text += kPassage;
  text.append(bytes - text.size(), 'x');
  return text;
}

// The plugin, and what it needs before it.
std::vector<config::Plugin> with_needs(const config::Plugin& plugin, const PluginInfo& info) {
  std::vector<config::Plugin> plugins;
  if (!info.needs.empty()) {
    for (const char* id : {"relevance", "rhetoric"}) {
      config::Plugin builtin;
      builtin.id = id;
      if (id != info.id) plugins.push_back(builtin);
    }
  }
  plugins.push_back(plugin);
  plugins.back().id = info.id;
  return plugins;
}

Check passed(std::string name, std::string detail = {}) {
  return {std::move(name), true, std::move(detail)};
}
Check failed(std::string name, std::string detail) {
  return {std::move(name), false, std::move(detail)};
}

class Kit {
 public:
  Kit(Host& host, Chain& chain) : host_(host), chain_(chain) {}

  Check text(const std::string& name, const std::string& text) {
    const auto analysis = chain_.analyze(article(name, text), /*complete=*/true);
    return analysis ? passed(name) : failed(name, describe(analysis.error()));
  }

  Check long_text() {
    const std::string name = "a text of 10 MB";
    const auto start = Clock::now();
    const auto analysis = chain_.analyze(article(name, text_of_size(kLongText)), true);
    if (!analysis) return failed(name, describe(analysis.error()));
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
    return passed(name, std::to_string(took.count()) + " ms");
  }

  Check embedded_nul() {
    const std::string name = "a text with a NUL byte is refused before the plugin sees it";
    const auto analysis = chain_.analyze(article(name, std::string("a\0b", 3)), true);
    if (analysis || analysis.error().code != ErrorCode::kInvalidInput) return failed(name, "it was let through");
    return passed(name);
  }

  Check same_twice() {
    const std::string name = "the same text gives the same findings, from another instance too";
    auto other = host_.make_chain();
    if (!other) return failed(name, describe(other.error()));
    for (const auto& [script, text] : kScripts) {
      const Input input = article(script, std::string(text) + "\n" + text_of_size(2000));
      const auto first = chain_.analyze(input, true);
      const auto second = chain_.analyze(input, true);
      const auto third = (*other)->analyze(input, true);
      if (!first || !second || !third) return failed(name, "it failed on the text in " + std::string(script));
      const std::string findings = annotations_json(input, *first);
      if (findings != annotations_json(input, *second) || findings != annotations_json(input, *third)) {
        return failed(name, "the text in " + std::string(script) +
                                " gave different findings; look for random numbers, time, or state kept between calls");
      }
    }
    return passed(name);
  }

  Check restarts() {
    const std::string name = std::to_string(kRestarts) + " times made and destroyed";
    for (int i = 0; i < kRestarts; ++i) {
      auto chain = host_.make_chain();
      if (!chain) return failed(name, "time " + std::to_string(i + 1) + ": " + describe(chain.error()));
      if (const auto analysis = (*chain)->analyze(article("restart", std::string(kPassage)), true); !analysis) {
        return failed(name, "time " + std::to_string(i + 1) + ": " + describe(analysis.error()));
      }
    }
    return passed(name);
  }

  Check many() {
    const std::string name = "10,000 articles over 8 threads";
    std::vector<std::unique_ptr<Chain>> chains;
    for (std::size_t i = 0; i < kThreads; ++i) {
      auto chain = host_.make_chain();
      if (!chain) return failed(name, describe(chain.error()));
      chains.push_back(std::move(*chain));
    }
    std::vector<std::string> mistakes(kThreads);
    std::vector<std::thread> threads;
    const auto start = Clock::now();
    for (std::size_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&chain = *chains[t], &mistake = mistakes[t], t] {
        constexpr std::size_t kBatch = 50;
        for (std::size_t i = 0; i < kManyArticles / kThreads; i += kBatch) {
          std::vector<Input> inputs;
          for (std::size_t j = i; j < i + kBatch; ++j) {
            const auto& script = kScripts.at(j % kScripts.size());
            inputs.push_back(
                article(std::to_string(t) + "-" + std::to_string(j), script.second + std::string(kPassage)));
          }
          for (const auto& analysis : chain.analyze_all(inputs, true)) {
            if (!analysis) mistake = describe(analysis.error());
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::string& mistake : mistakes) {
      if (!mistake.empty()) return failed(name, mistake);
    }
    const std::chrono::duration<double> took = Clock::now() - start;
    return passed(name, std::to_string(static_cast<int>(kManyArticles / took.count())) + " a second");
  }

 private:
  Host& host_;
  Chain& chain_;
};

Check unknown_key(config::Plugin plugin, const Paths& paths) {
  const std::string name = "an unknown key in its configuration is refused";
  plugin.config_json = R"({"no-such-key-2b1f":1})";
  Result<PluginInfo> info = fail(ErrorCode::kInternal, "");
  if (plugin.mode == config::PluginMode::kInProcess) {
    if (const auto host = load({plugin}, paths); host) {
      info = (*host)->plugins().front();
    } else {
      info = tl::unexpected(host.error().front());
    }
  } else {
    info = probe(plugin, paths);
  }
  if (info) return failed(name, "it started with `no-such-key-2b1f: 1`; users would never learn of a misspelt key");
  if (info.error().code != ErrorCode::kInvalidConfig) {
    return failed(name, "it refused, but not as a configuration error: " + describe(info.error()));
  }
  return passed(name, info.error().message);
}

}  // namespace

Result<PluginInfo> probe(const config::Plugin& plugin, const Paths& paths) {
  if (plugin.mode == config::PluginMode::kInProcess) {
    auto library = open_library(plugin, paths);
    if (!library) return tl::unexpected(std::move(library.error()));
    return std::move(library->info);
  }
  Spawner spawner;
  auto descriptor = ask_descriptor(plugin, paths, spawner, StopFlag());
  if (!descriptor) return tl::unexpected(std::move(descriptor.error()));
  auto library = take_descriptor(std::move(descriptor->info), {}, plugin, "plugin");
  if (!library) return tl::unexpected(std::move(library.error()));
  return std::move(library->info);
}

bool check_conformance(const config::Plugin& plugin, const Paths& paths,
                       const std::function<void(const Check&)>& report) {
  bool good = true;
  const auto tell = [&](const Check& check) {
    good = good && check.passed;
    report(check);
  };
  const auto info = probe(plugin, paths);
  if (!info) {
    tell(failed("it starts and says what it is", describe(info.error())));
    return false;
  }
  tell(passed("it starts and says what it is", info->id + " " + info->version));
  if (info->version.empty()) tell(failed("it has a version", "without one nobody sees that old results may differ"));
  const auto plugins = with_needs(plugin, *info);
  auto host = load(plugins, paths);
  auto chain = host ? (*host)->make_chain() : Result<std::unique_ptr<Chain>>(tl::unexpected(host.error().front()));
  if (!chain) {
    tell(failed("it loads with its configuration", describe(chain.error())));
    return false;
  }
  Kit kit(**host, **chain);
  tell(kit.text("an empty text", ""));
  tell(kit.text("a text of one byte", "a"));
  for (const auto& [script, text] : kScripts) tell(kit.text(std::string("a text in ") + script, text));
  tell(kit.long_text());
  tell(kit.embedded_nul());
  tell(kit.same_twice());
  tell(kit.restarts());
  tell(kit.many());
  if (plugins.size() == 1) tell(unknown_key(plugins.back(), paths));
  return good;
}

Result<Speed> measure(const config::Plugin& plugin, const Paths& paths, std::size_t workers) {
  constexpr std::size_t kAlone = 2000;
  constexpr std::size_t kBatch = 128;
  static constexpr std::chrono::seconds kTime{2};
  const auto info = probe(plugin, paths);
  if (!info) return tl::unexpected(info.error());
  auto host = load(with_needs(plugin, *info), paths);
  if (!host) return tl::unexpected(std::move(host.error().front()));
  std::vector<std::unique_ptr<Chain>> chains;
  for (std::size_t i = 0; i < workers; ++i) {
    auto chain = (*host)->make_chain();
    if (!chain) return tl::unexpected(std::move(chain.error()));
    chains.push_back(std::move(*chain));
  }
  const std::vector<Input> inputs(kBatch, article("bench", text_of_size(3000)));
  std::vector<double> times;
  for (std::size_t i = 0; i < kAlone; ++i) {
    const auto start = Clock::now();
    if (auto done = chains.front()->analyze(inputs.front(), true); !done)
      return tl::unexpected(std::move(done.error()));
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  Speed speed{times[kAlone / 2], times[kAlone * 99 / 100], 0, workers};
  std::atomic<std::size_t> done = 0;
  std::vector<std::thread> threads;
  const auto start = Clock::now();
  for (const auto& chain : chains) {
    threads.emplace_back([&done, &chain = *chain, &inputs, start] {
      while (Clock::now() - start < kTime) done += chain.analyze_all(inputs, true).size();
    });
  }
  for (std::thread& thread : threads) thread.join();
  speed.per_second = static_cast<double>(done) / std::chrono::duration<double>(Clock::now() - start).count();
  return speed;
}

}  // namespace dprkwatch::plugin

// What a plugin in a process of its own can do, and what it can not: each test runs one that misbehaves.

#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "fixture.hpp"
#include "support/temporary_folder.hpp"

namespace dprkwatch::plugin {
namespace {

using config::PluginMode;
// Running, and not only waiting to be reaped.
bool runs_now(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string number;
  std::string name;
  std::string state;
  return file >> number >> name >> state && state != "Z" && state != "X";
}

// Whether it still runs after the moment that the kernel may take to carry out a kill.
bool runs(int process) {
  for (int i = 0; i < 100 && runs_now(process); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return runs_now(process);
}

class Misbehaving : public testing::TestWithParam<PluginMode> {
 protected:
  // The misbehaving plugin between two good ones. `required`: the misbehaving one.
  void load_with(bool required) {
    auto bad = misbehave(GetParam());
    bad.required = required;
    loaded_.chain.reset();  // before its host
    loaded_ = load_chain({shared_object("length", PluginMode::kInProcess, "examples"), bad,
                          shared_object("exclaim", PluginMode::kInProcess, "examples")},
                         lines_.sink());
    ASSERT_TRUE(loaded_.chain);
  }

  // What an analyzer has shown that it can do.
  void expect_good(const std::string& id) {
    const auto analysis = loaded_.chain->analyze(text("good!", id));
    ASSERT_TRUE(analysis) << describe(analysis.error());
    EXPECT_EQ(analysis->annotations.size(), 3U);
  }

  // A good text is analysed, with all three plugins. (How fast: bench_plugin.)
  void expect_recovery() {
    const auto analysis = loaded_.chain->analyze(text("good!", "after"));
    ASSERT_TRUE(analysis) << describe(analysis.error());
    EXPECT_EQ(analysis->annotations.size(), 3U);
    EXPECT_TRUE(analysis->missing.empty());
  }

  // The act killed the plugin: tried three times, then an error that says so; with an optional one the others' results
  // stand.
  void expect_death(const std::string& act, const std::string& reason) {
    load_with(true);
    expect_good("before");
    const auto failed = loaded_.chain->analyze(text(act + " !"));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::kPlugin) << describe(failed.error());
    EXPECT_NE(failed.error().message.find("3 times"), std::string::npos) << failed.error().message;
    EXPECT_NE(failed.error().message.find(reason), std::string::npos) << failed.error().message;
    EXPECT_EQ(lines_.count("died and is started again"), 3U) << "one clear line a death";
    expect_recovery();

    load_with(false);
    expect_good("before");
    const auto analysis = loaded_.chain->analyze(text(act + " !"));
    ASSERT_TRUE(analysis) << describe(analysis.error());
    EXPECT_EQ(analysis->missing, std::vector<std::string>{"misbehave"});
    EXPECT_TRUE(analysis->awaited.empty()) << "its own fault: asking again is of no use";
    EXPECT_EQ(analysis->annotations.size(), 2U) << "the other analyzers' results are unharmed";
    expect_recovery();
  }

  // The act was tried and did not succeed; the plugin lives on.
  void expect_refusal(const std::string& act) {
    load_with(true);
    const auto analysis = loaded_.chain->analyze(text(act));
    ASSERT_TRUE(analysis) << describe(analysis.error());
    ASSERT_EQ(analysis->annotations.size(), 2U);
    EXPECT_EQ(analysis->annotations[1].label, "refused");
    EXPECT_EQ(lines_.count("died"), 0U);
    expect_recovery();
  }

  // The article fails with a reason, the plugin lives on.
  void expect_error(const std::string& act, const std::string& reason) {
    load_with(true);
    const auto failed = loaded_.chain->analyze(text(act));
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find(reason), std::string::npos) << failed.error().message;
    EXPECT_EQ(lines_.count("died"), 0U);
    expect_recovery();
  }

  Lines lines_;
  Loaded loaded_;
};

TEST_P(Misbehaving, CrashIsSurvived) {
  expect_death("crash", "signal 11");
}
TEST_P(Misbehaving, HangIsEnded) {
  expect_death("hang", "no answer in time");
}
TEST_P(Misbehaving, IgnoringSigtermDoesNotHelp) {
  expect_death("ignore-sigterm", "no answer in time");
}
TEST_P(Misbehaving, ExitIsNoticed) {
  expect_death("exit", "exit status 3");
}
TEST_P(Misbehaving, CannotOpenASocket) {
  expect_refusal("socket");
}
TEST_P(Misbehaving, CannotReadPasswd) {
  expect_refusal("passwd");
}
TEST_P(Misbehaving, GarbageIsNoticed) {
  expect_death("garbage", "no answer (");
}
TEST_P(Misbehaving, AnswersForAnotherArticleAreNoticed) {
  expect_death("other", "which it was not asked");
}
TEST_P(Misbehaving, SpansOutsideTheTextAreRefused) {
  expect_error("outside", "a span");
}
TEST_P(Misbehaving, ErrorsAreTheArticlesAlone) {
  expect_error("error", "told to fail");
}

TEST_P(Misbehaving, CannotWriteAFile) {
  const support::TemporaryFolder folder;
  expect_refusal("write " + folder.file("written"));
  EXPECT_FALSE(std::filesystem::exists(folder.file("written")));
}

TEST_P(Misbehaving, LeaksEndAtTheLimit) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "no limit on address space under AddressSanitizer";
#endif
  load_with(true);
  expect_good("before");
  const auto failed = loaded_.chain->analyze(text("leak"));
  ASSERT_FALSE(failed);  // as an error (bad_alloc) or by death, as the language has it
  EXPECT_EQ(failed.error().code, ErrorCode::kPlugin);
  expect_recovery();
}

TEST_P(Misbehaving, FloodOfOutputIsHeldBack) {
  load_with(false);
  const auto analysis = loaded_.chain->analyze(text("flood !"));
  ASSERT_TRUE(analysis) << describe(analysis.error());
  EXPECT_LE(lines_.count("nobody asked", LogLevel::kDebug), 64U) << "of 100,000 lines";
  expect_recovery();
}

TEST_P(Misbehaving, BatchLosesNothing) {
  // Two of forty kill the plugin; each other one is analysed, in place.
  load_with(true);
  std::vector<Input> inputs;
  for (int i = 0; i < 40; ++i)
    inputs.push_back(text(i == 7 || i == 30 ? "crash" : "good", "article " + std::to_string(i)));
  const auto results = loaded_.chain->analyze_all(inputs);
  ASSERT_EQ(results.size(), 40U);
  for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(results[i].has_value(), i != 7 && i != 30) << i;
  expect_recovery();
}

TEST_P(Misbehaving, ManyWorkersAtOnce) {
  load_with(true);
  std::vector<std::unique_ptr<Chain>> chains;
  for (int i = 0; i < 3; ++i) chains.push_back(std::move(*loaded_.host->make_chain()));
  std::vector<std::thread> workers;
  std::vector<int> done(chains.size());
  for (std::size_t worker = 0; worker < chains.size(); ++worker) {
    workers.emplace_back([&, worker] {
      for (int i = 0; i < 50; ++i) {
        const bool bad = i == 20;
        const std::string id = std::to_string(worker) + "-" + std::to_string(i);
        done[worker] += chains[worker]->analyze(text(bad ? "crash" : "good", id)).has_value() ? 1 : 0;
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(done, (std::vector<int>{49, 49, 49}));
}

TEST_P(Misbehaving, ThatDiesAtStartIsRefusedWithItsLastWords) {
  auto plugin = misbehave(GetParam());
  plugin.config_json = R"({"die":true})";
  const auto host = load({plugin}, default_paths());
  ASSERT_FALSE(host);
  const std::string message = describe(host.error().front());
  EXPECT_NE(message.find("exit status 1"), std::string::npos) << message;
  EXPECT_NE(message.find("no reason to live"), std::string::npos) << message;
}

// A plugin that is broken, in whatever way, and not an article that breaks it: nothing is blamed on articles.
TEST_P(Misbehaving, BrokenPluginIsBlamedOnNoArticle) {
  for (const char* settings : {R"({"always":"crash"})", R"({"always":"exit"})", R"({"always":"error"})",
                               R"({"always":"outside"})", R"({"always":"crash","but":"The ministry"})"}) {
    auto broken = misbehave(GetParam());
    broken.config_json = settings;
    Lines lines;
    const auto loaded = load_chain({broken}, lines.sink());
    for (int i = 0; i < 6; ++i) {
      const auto analysis = loaded.chain->analyze(text("good", "article " + std::to_string(i)));
      ASSERT_FALSE(analysis);
      EXPECT_EQ(analysis.error().code, ErrorCode::kUnavailable) << settings << ": " << describe(analysis.error());
    }
    EXPECT_EQ(loaded.host->health().front().state, State::kDown) << settings;
    EXPECT_GE(lines.count("is down", LogLevel::kError), 1U) << settings;
  }
}

TEST_P(Misbehaving, BreakerIsSharedByAllWorkers) {
  auto broken = misbehave(GetParam());
  broken.config_json = R"({"always":"crash"})";
  const auto loaded = load_chain({broken});
  auto second = loaded.host->make_chain();
  ASSERT_TRUE(second);
  ASSERT_FALSE(loaded.chain->analyze(text("good", "first")));
  const auto deaths = loaded.host->health().front().deaths;
  const auto analysis = (*second)->analyze(text("good", "second"));
  ASSERT_FALSE(analysis);
  EXPECT_EQ(analysis.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(loaded.host->health().front().deaths, deaths) << "the second worker did not find out for itself";
}

// One that has never answered anything may still be right about the only article there is.
TEST_P(Misbehaving, OnlyArticleIsGivenUpInTheEnd) {
  load_with(true);
  auto failed = loaded_.chain->analyze(text("crash"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kUnavailable) << "nobody can tell yet";
  for (int i = 0; i < 3 && failed.error().code == ErrorCode::kUnavailable; ++i) {
    failed = loaded_.chain->analyze(text("crash"));
    ASSERT_FALSE(failed);
  }
  EXPECT_EQ(failed.error().code, ErrorCode::kPlugin) << describe(failed.error());
  expect_recovery();
}

TEST_P(Misbehaving, HealthCountsWhatHappened) {
  load_with(true);
  expect_good("before");
  ASSERT_FALSE(loaded_.chain->analyze(text("crash")));
  const Health health = loaded_.host->health().at(1);
  EXPECT_EQ(health.info.id, "misbehave");
  EXPECT_EQ(health.mode, GetParam());
  EXPECT_EQ(health.state, State::kUp) << "the article was guilty";
  EXPECT_EQ(health.calls, 2U);
  EXPECT_EQ(health.failures, 1U);
  EXPECT_EQ(health.deaths, 3U);
  EXPECT_GT(health.busy.count(), 0);
  EXPECT_NE(health.last_failure.find("3 times"), std::string::npos) << health.last_failure;
}

TEST_P(Misbehaving, GaugesAreKept) {
  auto plugin = misbehave(GetParam());
  plugin.config_json = R"({"gauges":true})";
  const auto loaded = load_chain({plugin});
  ASSERT_TRUE(loaded.chain->analyze(text("good")));
  const auto gauges = loaded.host->health().front().gauges;
  ASSERT_EQ(gauges.size(), 1U);
  EXPECT_EQ(gauges.front(), (std::pair<std::string, double>("words_known", 42.5)));
}

TEST_P(Misbehaving, StopEndsACallThatWouldGoOn) {
  auto plugin = misbehave(GetParam());
  plugin.timeout = std::chrono::hours(1);
  const auto loaded = load_chain({plugin});
  Result<Analysis> stopped = fail(ErrorCode::kInternal, "not asked");
  std::thread worker([&] { stopped = loaded.chain->analyze(text("hang")); });
  loaded.host->request_stop();
  worker.join();
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kStopped) << describe(stopped.error());
}

INSTANTIATE_TEST_SUITE_P(Modes, Misbehaving, testing::Values(PluginMode::kIsolated, PluginMode::kCommand),
                         [](const auto& mode) {
                           return std::string(mode.param == PluginMode::kCommand ? "command" : "isolated");
                         });

TEST(SharedObject, IsToldToStop) {
  for (const auto mode : {PluginMode::kInProcess, PluginMode::kIsolated}) {
    auto plugin = misbehave(mode);
    plugin.timeout = std::chrono::hours(1);
    const auto loaded = load_chain({plugin});
    Result<Analysis> answer = fail(ErrorCode::kInternal, "not asked");
    std::thread worker([&] { answer = loaded.chain->analyze(text("patient")); });
    while (loaded.host->health().front().gauges.empty()) std::this_thread::yield();
    loaded.host->request_stop();
    worker.join();
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_EQ(answer->annotations.front().label, "done") << "it came to its end by itself";
  }
}

TEST(Isolated, CannotFork) {
  const auto loaded = load_chain({misbehave(PluginMode::kIsolated)});
  const auto analysis = loaded.chain->analyze(text("fork"));
  ASSERT_TRUE(analysis) << describe(analysis.error());
  EXPECT_EQ(analysis->annotations[0].label, "refused");
}

TEST(Command, LeavesNoProcessBehind) {
  auto loaded = load_chain({misbehave(PluginMode::kCommand)});
  const auto first = loaded.chain->analyze(text("fork"));
  ASSERT_TRUE(first) << describe(first.error());
  const int orphan = static_cast<int>(first->annotations[0].score);
  ASSERT_TRUE(runs_now(orphan));
  EXPECT_FALSE(loaded.chain->analyze(text("crash")));
  EXPECT_FALSE(runs(orphan)) << "a restart must leave no twin";

  const auto second = loaded.chain->analyze(text("fork"));
  ASSERT_TRUE(second);
  loaded.chain.reset();
  EXPECT_FALSE(runs(static_cast<int>(second->annotations[0].score)));
}

TEST(Command, CannotLeaveItsGroup) {
  const auto loaded = load_chain({misbehave(PluginMode::kCommand)});
  const auto analysis = loaded.chain->analyze(text("group"));
  ASSERT_TRUE(analysis);
  EXPECT_EQ(analysis->annotations[0].label, "refused");
}

TEST(Command, BreaksTheProtocolAndIsStartedAgain) {
  for (const char* act : {"garbage", "other", "twice", "silent"}) {
    Lines lines;
    const auto loaded = load_chain({misbehave(PluginMode::kCommand)}, lines.sink());
    const std::vector<Input> inputs{text("good", "before"), text(act), text("good", "after")};
    const auto results = loaded.chain->analyze_all(inputs);
    EXPECT_TRUE(results[0]) << act;
    EXPECT_TRUE(results[2]) << act;
    EXPECT_GE(lines.count("died and is started again"), 1U) << act;
    const auto again = loaded.chain->analyze(text("good", "again"));
    EXPECT_TRUE(again) << act;
  }
}

TEST(Command, AnswersOutOfOrder) {
  const auto loaded = load_chain({misbehave(PluginMode::kCommand)});
  std::vector<Input> inputs;
  for (int i = 0; i < 8; ++i)
    inputs.push_back(text("later" + std::string(static_cast<std::size_t>(i), 'x'), std::to_string(i)));
  inputs[2].text = "later fork";
  const auto results = loaded.chain->analyze_all(inputs);
  for (const auto& result : results) ASSERT_TRUE(result) << describe(result.error());
}

TEST(Command, ThatDoesNotExistIsRefusedByName) {
  auto plugin = misbehave(PluginMode::kCommand);
  plugin.command = {"/no/such/program"};
  const auto host = load({plugin}, default_paths());
  ASSERT_FALSE(host);
  EXPECT_NE(describe(host.error().front()).find("cannot run /no/such/program"), std::string::npos)
      << describe(host.error().front());
}

TEST(Command, DeadForGoodOpensTheBreakerAndLosesNoArticle) {
  // The script is replaced by one that ends at once, while the plugin runs.
  const support::TemporaryFolder folder;
  const std::string script = folder.file("plugin.py");
  std::filesystem::copy_file(kSources + "/tests/support/misbehave/misbehave.py", script);
  auto plugin = misbehave(PluginMode::kCommand);
  plugin.command = {"python3", script};
  Lines lines;
  const auto loaded = load_chain({plugin}, lines.sink());
  std::ofstream(script) << "raise SystemExit('gone')\n";
  const auto crashed = loaded.chain->analyze(text("crash"));
  ASSERT_FALSE(crashed);
  EXPECT_EQ(crashed.error().code, ErrorCode::kUnavailable) << describe(crashed.error());
  EXPECT_EQ(lines.count("is down", LogLevel::kError), 1U);
  const auto waiting = loaded.chain->analyze(text("good"));
  ASSERT_FALSE(waiting);
  EXPECT_EQ(waiting.error().code, ErrorCode::kUnavailable) << "it waits; it is not blamed";

  // Mended: the next trial closes the breaker.
  std::filesystem::copy_file(kSources + "/tests/support/misbehave/misbehave.py", script,
                             std::filesystem::copy_options::overwrite_existing);
  Result<Analysis> mended = fail(ErrorCode::kInternal, "not asked");
  for (int i = 0; i < 100 && !mended; ++i) {
    mended = loaded.chain->analyze(text("good"));
    if (!mended) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_TRUE(mended);
  EXPECT_EQ(lines.count("is up again", LogLevel::kInfo), 1U);
}

TEST(Command, MayUseTheNetworkWhenItsSandboxIsOff) {
  auto plugin = misbehave(PluginMode::kCommand);
  plugin.sandbox = false;
  const auto loaded = load_chain({plugin});
  const auto analysis = loaded.chain->analyze(text("socket"));
  ASSERT_TRUE(analysis);
  EXPECT_EQ(analysis->annotations[0].label, "done");
}

}  // namespace
}  // namespace dprkwatch::plugin

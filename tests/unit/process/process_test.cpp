#include "process/process.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <optional>

namespace dprkwatch::process {
namespace {

class ProcessTest : public testing::Test {
 protected:
  Result<std::string> run(Command command) {
    std::optional<Result<std::string>> outcome;
    auto task = start(std::move(command), outcome);
    boost::asio::co_spawn(loop_, std::move(task), boost::asio::detached);
    loop_.run();
    loop_.restart();
    return std::move(*outcome);
  }

  boost::asio::awaitable<void> start(Command command, std::optional<Result<std::string>>& outcome) {
    outcome = co_await commands_.run(std::move(command));
  }

  static Command shell(std::string script, std::string input = {}) {
    Command command;
    command.arguments = {"/bin/sh", "-c", std::move(script)};
    command.input = std::move(input);
    return command;
  }

  boost::asio::io_context loop_;
  Commands commands_;
};

TEST_F(ProcessTest, GivesWhatTheCommandPrints) {
  EXPECT_EQ(run(shell("printf hello")).value(), "hello");
}

TEST_F(ProcessTest, PassesMoreThanAPipeHoldsThroughIt) {
  const std::string input(5'000'000, 'x');
  EXPECT_EQ(run(shell("cat", input)).value(), input);
}

TEST_F(ProcessTest, ACommandNeedNotReadItsInput) {
  EXPECT_EQ(run(shell("printf done", std::string(5'000'000, 'x'))).value(), "done");
}

TEST_F(ProcessTest, FindsAProgramInThePath) {
  Command command;
  command.arguments = {"printf", "%s|%s", "a b", "$HOME; rm x"};
  EXPECT_EQ(run(std::move(command)).value(), "a b|$HOME; rm x");
}

TEST_F(ProcessTest, SaysWhyItFailed) {
  const auto failed = run(shell("echo first >&2; echo 'no such table' >&2; exit 3"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(failed.error().message, "ended with exit status 3: no such table");
  const auto killed = run(shell("kill -9 $$"));
  ASSERT_FALSE(killed);
  EXPECT_NE(killed.error().message.find("signal 9"), std::string::npos);
  Command missing;
  missing.arguments = {"/no/such/program"};
  const auto absent = run(std::move(missing));
  ASSERT_FALSE(absent);
  EXPECT_NE(absent.error().message.find("No such file"), std::string::npos);
}

TEST_F(ProcessTest, KillsWhatTakesTooLong) {
  Command command = shell("sleep 1000 & sleep 1000");
  command.timeout = std::chrono::milliseconds(50);
  const auto outcome = run(std::move(command));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kTimeout);
}

TEST_F(ProcessTest, DoesNotWaitForADescendantThatLeftTheGroupAndKeepsThePipe) {
  const std::string mark = testing::TempDir() + "dprkwatch-process-" + std::to_string(::getpid());
  Command command =
      shell("setsid sh -c 'touch " + mark + "; exec sleep 5' & while [ ! -e " + mark + " ]; do :; done; rm " + mark);
  command.timeout = std::chrono::milliseconds(200);
  const auto outcome = run(std::move(command));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kTimeout);
}

TEST_F(ProcessTest, KillsWhatPrintsTooMuch) {
  Command command = shell("yes");
  command.max_bytes = 100'000;
  const auto outcome = run(std::move(command));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kTooLarge);
}

TEST_F(ProcessTest, HidesTheEnvironmentButWhatProgramsNeed) {
  ::setenv("DPRKWATCH_TEST_SECRET", "s3cret", 1);
  const auto printed = run(shell("env"));
  EXPECT_EQ(printed.value().find("s3cret"), std::string::npos);
  EXPECT_NE(printed.value().find("PATH="), std::string::npos);
}

TEST_F(ProcessTest, CancelAllEndsEveryRun) {
  std::optional<Result<std::string>> outcome;
  auto task = start(shell("sleep 1000"), outcome);
  boost::asio::co_spawn(loop_, std::move(task), boost::asio::detached);
  boost::asio::post(loop_, [this] { commands_.cancel_all(); });
  loop_.run();
  ASSERT_TRUE(outcome && !*outcome);
  EXPECT_EQ(outcome->error().code, ErrorCode::kStopped);
}

TEST_F(ProcessTest, RefusesNoProgram) {
  EXPECT_EQ(run(Command{}).error().code, ErrorCode::kInvalidConfig);
}

}  // namespace
}  // namespace dprkwatch::process

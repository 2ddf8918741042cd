// A courier on a real store and a real endpoint on loopback, with a clock that the test sets.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <functional>

#include "deliver/deliver.hpp"
#include "support/canned_server.hpp"
#include "support/temporary_folder.hpp"

namespace dprkwatch::deliver {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using store::DeliveryState;

class SetClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return time; }
  std::atomic<Time> time{Time(seconds(1700000000))};
};

std::string answer(int status, const std::string& headers = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " x\r\n" + headers + "Content-Length: 2\r\nConnection: close\r\n\r\nok";
}

class CourierTest : public testing::Test {
 protected:
  CourierTest() : server_([this](std::size_t number) { return answer_(number); }) {
    store_ = std::move(*store::Store::open("sqlite:" + folder_.file("s.db")));
    http::ClientOptions options;
    options.guard = std::move(*http::AddressGuard::from({server_.address()}));
    client_ = std::make_unique<http::Client>(loop_, options);
    receiver_.name = "desk";
    receiver_.url = server_.url();
    receiver_.secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    receiver_.concurrency = 1;
    receiver_.retry_schedule = {seconds(0), seconds(10), minutes(1)};
  }

  ~CourierTest() override { end(); }

  void begin() {
    courier_ = std::make_unique<Courier>(Services{loop_, *store_, *client_, clock_, *log_}, receiver_);
    boost::asio::co_spawn(loop_, courier_->run(), boost::asio::detached);
  }

  void end() {
    if (courier_) courier_->stop();
    loop_.restart();
    loop_.run();
    courier_.reset();
  }

  void owe(int count) {
    run([&](store::Transaction& store) -> Result<void> {
      for (int i = 0; i < count; ++i) {
        const std::string id = std::to_string(++owed_);
        store::NewAlert alert;
        alert.id = "al_" + id;
        alert.rule = "rule";
        alert.story = id;
        EXPECT_TRUE(store.insert_alert(alert).value());
        store::NewDelivery delivery{"al_" + id, "desk",      "msg_" + id, store.next_sequence("desk").value(),
                                    "{}",       clock_.now()};
        EXPECT_TRUE(store.enqueue(delivery));
      }
      return {};
    });
  }

  void run(const store::Job& job) {
    const auto done = store_->run(job);
    ASSERT_TRUE(done) << describe(done.error());
  }

  store::DeliveryHistory history(int id) {
    store::DeliveryHistory found;
    run([&](store::Transaction& store) -> Result<void> {
      found = store.delivery(store::DeliveryId{id}).value().value();
      return {};
    });
    return found;
  }

  store::ReceiverHealth health() {
    store::ReceiverHealth found;
    run([&](store::Transaction& store) -> Result<void> {
      found = store.receiver_health("desk").value();
      return {};
    });
    return found;
  }

  void until(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + seconds(30);
    while (!holds() && std::chrono::steady_clock::now() < end) {
      loop_.restart();
      loop_.run_one_for(std::chrono::milliseconds(50));
    }
    ASSERT_TRUE(holds());
  }

  // Until the courier has nothing to do at this time.
  void settle() {
    courier_->wake();
    until([this] { return courier_->idle(); });
  }

  void pass(Duration time) {
    clock_.time = clock_.now() + time;
    settle();
  }

  support::TemporaryFolder folder_;
  SetClock clock_;
  std::function<std::string(std::size_t)> answer_ = [](std::size_t) { return answer(204); };
  support::CannedServer server_;
  boost::asio::io_context loop_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<log::Logger> log_ = log::to_nowhere();
  config::Receiver receiver_;
  std::unique_ptr<Courier> courier_;
  int owed_ = 0;
};

TEST_F(CourierTest, KeepsEveryAttemptWithItsAnswer) {
  answer_ = [](std::size_t number) { return answer(number == 0 ? 500 : 204); };
  owe(1);
  begin();
  settle();
  EXPECT_EQ(history(1).state, DeliveryState::kPending);
  pass(seconds(13));
  const auto found = history(1);
  EXPECT_EQ(found.state, DeliveryState::kDelivered);
  ASSERT_EQ(found.attempts.size(), 2U);
  EXPECT_EQ(found.attempts[0].status, 500);
  EXPECT_EQ(found.attempts[0].answer, "ok");
  EXPECT_EQ(found.attempts[1].status, 204);
}

TEST_F(CourierTest, AGoneEndpointDisablesTheReceiverAndSaysSo) {
  answer_ = [](std::size_t number) { return answer(number == 1 ? 410 : 204); };
  owe(3);
  begin();
  settle();
  EXPECT_EQ(history(1).state, DeliveryState::kDelivered);
  EXPECT_EQ(history(2).state, DeliveryState::kDead);
  EXPECT_TRUE(health().disabled);
  owe(1);
  settle();
  EXPECT_EQ(history(4).state, DeliveryState::kDead);
  EXPECT_NE(history(4).reason.find("410"), std::string::npos);
  EXPECT_TRUE(history(4).attempts.empty());
}

TEST_F(CourierTest, AnotherAddressOrAHandEnablesTheReceiverAgain) {
  answer_ = [](std::size_t number) { return answer(number == 0 ? 410 : 204); };
  owe(1);
  begin();
  settle();
  EXPECT_TRUE(health().disabled);
  run([&](store::Transaction& store) { return store.enable_receiver("desk"); });
  run([&](store::Transaction& store) -> Result<void> {
    EXPECT_EQ(store.retry(store::DeliveryId{0}, clock_.now()).value(), 1);
    return {};
  });
  settle();
  EXPECT_EQ(history(1).state, DeliveryState::kDelivered);
  EXPECT_FALSE(health().disabled);
}

TEST_F(CourierTest, ANewAddressEnablesTheReceiver) {
  answer_ = [](std::size_t number) { return answer(number == 0 ? 410 : 204); };
  owe(1);
  begin();
  settle();
  end();
  receiver_.url += "new";
  owe(1);
  begin();
  settle();
  EXPECT_EQ(history(2).state, DeliveryState::kDelivered);
  EXPECT_FALSE(health().disabled);
}

TEST_F(CourierTest, LeavesAnEndpointAloneThatFailsAgainAndAgain) {
  answer_ = [](std::size_t) { return answer(503); };
  owe(20);
  begin();
  settle();
  EXPECT_EQ(server_.requests().size(), static_cast<std::size_t>(kBreakerFailures));
  EXPECT_EQ(health().failures, kBreakerFailures);
  pass(kBreakerRest);
  EXPECT_EQ(server_.requests().size(), static_cast<std::size_t>(kBreakerFailures) + 1);
  // One that works opens the way for all.
  answer_ = [](std::size_t) { return answer(204); };
  pass(minutes(2));
  for (int id = 1; id <= 20; ++id) EXPECT_EQ(history(id).state, DeliveryState::kDelivered) << id;
  EXPECT_EQ(health().failures, 0);
}

TEST_F(CourierTest, GivesUpOnWhatWasOwedForTooLong) {
  answer_ = [](std::size_t) { return answer(503); };
  owe(20);
  begin();
  settle();
  pass(patience_of(receiver_.retry_schedule) + seconds(1));
  EXPECT_EQ(history(20).state, DeliveryState::kDead);
  EXPECT_EQ(history(20).reason, "owed for too long");
}

TEST_F(CourierTest, KeepsTheOrderWhereAskedFor) {
  receiver_.order = config::DeliveryOrder::kStrict;
  receiver_.concurrency = 8;
  // The second message fails twice.
  answer_ = [](std::size_t number) { return answer(number == 1 || number == 2 ? 500 : 204); };
  owe(4);
  begin();
  settle();
  EXPECT_EQ(history(2).state, DeliveryState::kPending);
  EXPECT_EQ(history(3).attempts.size(), 0U);
  pass(seconds(13));
  EXPECT_EQ(history(3).attempts.size(), 0U);
  pass(minutes(2));
  std::vector<std::string> ids;
  for (const std::string& request : server_.requests()) {
    const auto at = request.find("webhook-id: msg_");
    ids.push_back(request.substr(at + 16, request.find('\r', at) - at - 16));
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"1", "2", "2", "2", "3", "4"}));
}

TEST_F(CourierTest, ADeadLetterDoesNotBlockTheOrder) {
  receiver_.order = config::DeliveryOrder::kStrict;
  answer_ = [](std::size_t number) { return answer(number == 0 ? 400 : 204); };
  owe(2);
  begin();
  settle();
  EXPECT_EQ(history(1).state, DeliveryState::kDead);
  EXPECT_EQ(history(2).state, DeliveryState::kDelivered);
}

}  // namespace
}  // namespace dprkwatch::deliver

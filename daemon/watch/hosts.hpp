#pragma once
// What each host may be asked, and when: a limit on requests a minute, and the waits that servers ask for. Pure: the
// clock's value is passed in. One thread at a time.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "clock/clock.hpp"

namespace dprkwatch::watch {

class Hosts {
 public:
  // What holds for all hosts from now on. `spacing`: between two requests to one host; 0: none. `own_spacing`: to
  // private and loopback addresses that are written as addresses. `groups`: name and hosts ("example.org",
  // "*.example.org"); hosts of a group are one host. Waits asked for before are kept.
  void configure(Duration spacing, Duration own_spacing,
                 std::vector<std::pair<std::string, std::vector<std::string>>> groups);

  // What a host is known by here: its group, else its name with the port.
  [[nodiscard]] std::string key_of(std::string_view host) const;

  // Takes the host's next place and gives its time: `now`, or later when it was asked a moment ago. A host that was not
  // asked for a while may be asked a few times at once (see kBurst). `host`: "name" or "name:port", in lower case;
  // empty for what has no host, which never waits.
  [[nodiscard]] Time reserve(std::string_view host, Time now);

  // The host asked to be left alone until then.
  void hold(std::string_view host, Time until);
  // Until when the host is to be left alone; nothing when it may be asked.
  [[nodiscard]] std::optional<Time> held_until(std::string_view host, Time now);

  // Requests to a host that may follow each other without a wait.
  static constexpr int kBurst = 4;

 private:
  struct Host {
    Time free_at{};  // when the next place after those taken is
    std::optional<Time> held_until;
  };
  void forget_old(Time now);

  Duration spacing_{};
  Duration own_spacing_{};
  std::vector<std::pair<std::string, std::vector<std::string>>> groups_;
  std::unordered_map<std::string, Host> hosts_;
  std::size_t forget_at_ = 1024;  // hosts, before those that nothing holds for are dropped
};

}  // namespace dprkwatch::watch

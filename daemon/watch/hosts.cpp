#include "watch/hosts.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace dprkwatch::watch {
namespace {

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

// Only a private or loopback address may stand for itself: servers of strangers have names.
bool is_own_address(std::string_view host) {
  const std::string name(without_port(host));
  in_addr four{};
  if (::inet_pton(AF_INET, name.c_str(), &four) == 1) {
    const std::uint32_t address = ntohl(four.s_addr);
    return (address >> 24) == 127 || (address >> 24) == 10 || (address >> 20) == 0xac1 || (address >> 16) == 0xc0a8;
  }
  if (!name.starts_with('[')) return name == "localhost";
  in6_addr six{};
  if (::inet_pton(AF_INET6, name.substr(1, name.size() - 2).c_str(), &six) != 1) return false;
  return IN6_IS_ADDR_LOOPBACK(&six) || (six.s6_addr[0] & 0xfe) == 0xfc;
}

bool names(std::string_view pattern, std::string_view name) {
  if (!pattern.starts_with("*.")) return pattern == name;
  return name.size() > pattern.size() - 1 && name.ends_with(pattern.substr(1));
}

}  // namespace

void Hosts::configure(Duration spacing, Duration own_spacing,
                      std::vector<std::pair<std::string, std::vector<std::string>>> groups) {
  spacing_ = spacing;
  own_spacing_ = own_spacing;
  groups_ = std::move(groups);
}

std::string Hosts::key_of(std::string_view host) const {
  const std::string_view name = without_port(host);
  for (const auto& [group, patterns] : groups_) {
    const auto fits = [&](const std::string& pattern) { return names(pattern, name) || pattern == host; };
    if (std::ranges::any_of(patterns, fits)) return "group " + group;
  }
  return std::string(host);
}

Time Hosts::reserve(std::string_view host, Time now) {
  if (host.empty()) return now;
  const Duration spacing = is_own_address(host) ? own_spacing_ : spacing_;
  if (spacing <= Duration::zero()) return now;
  forget_old(now);
  // The generic cell rate algorithm (ITU-T I.371): places lie `spacing` apart, and one may be taken some places early.
  Host& state = hosts_[key_of(host)];
  const Time at = std::max(now, state.free_at - (kBurst - 1) * spacing);
  state.free_at = std::max(state.free_at, now) + spacing;
  return at;
}

void Hosts::hold(std::string_view host, Time until) {
  if (!host.empty()) hosts_[key_of(host)].held_until = until;
}

std::optional<Time> Hosts::held_until(std::string_view host, Time now) {
  if (host.empty() || hosts_.empty()) return std::nullopt;
  const auto found = hosts_.find(key_of(host));
  if (found == hosts_.end() || !found->second.held_until || *found->second.held_until <= now) return std::nullopt;
  return found->second.held_until;
}

void Hosts::forget_old(Time now) {
  if (hosts_.size() < forget_at_) return;
  std::erase_if(hosts_, [&](const auto& entry) {
    const Host& host = entry.second;
    return host.free_at <= now && (!host.held_until || *host.held_until <= now);
  });
  forget_at_ = std::max<std::size_t>(1024, 2 * hosts_.size());
}

}  // namespace dprkwatch::watch

/// The names of a team's connections.
struct ConnectionNames {
  let transform: String
  let serviceAPI: String
  let personal: String

  init(team: Organisation.Team) {
    transform = "\(team.name)_transform"
    serviceAPI = "\(team.name)_service_api"
    personal = "\(team.name)_personal"
  }
}

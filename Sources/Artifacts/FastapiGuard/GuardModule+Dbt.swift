/// How it runs jobs of dbt.
extension GuardModule {
  static let dbt = #"""
    # --- dbt ------------------------------------------------------------------------------------


    @dataclass(frozen=True)
    class DbtJobs:
        """Jobs of a dbt platform account, each run with who is accountable for it as its `cause`.

        https://docs.getdbt.com/dbt-cloud/api-v2#/operations/Trigger%20Job%20Run
        """

        url: str
        account: int
        token: str = field(repr=False)
        timeout: float = 30.0

        def run(self, job: int, decision: Decision) -> int:
            """Triggers a job; returns the run's id, for `Guard.effect`."""
            if not decision.is_allowed:
                raise DbtError("the decision allows nothing")
            if not _is_safe(self.url):
                raise DbtError("the url is neither https nor on this machine")
            request = urllib.request.Request(
                f"{self.url.rstrip('/')}/api/v2/accounts/{int(self.account)}/jobs/{int(job)}/run/",
                data=json.dumps({"cause": decision.cause}).encode(),
                headers={
                    "Authorization": f"Token {self.token}",
                    "Content-Type": "application/json",
                    "Accept": "application/json",
                },
                method="POST",
            )
            try:
                with _opener.open(request, timeout=self.timeout) as reply:
                    return int(json.loads(reply.read(1_000_000))["data"]["id"])
            except urllib.error.HTTPError as error:
                raise DbtError(f"the dbt platform answered {error.code}") from None
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise DbtError(f"the dbt platform gave no run: {type(error).__name__}") from None
    """#
}

import PolicyCompiler

extension AirflowMapping {
  /// `AwsBaseHook`. https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/connections/aws.html
  static func aws(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("aws")
    draft.extra("region_name", from: "region")
    draft.extra("endpoint_url", from: "endpoint_url")
    // It follows from the credentials.
    draft.leave("account_id")
    awsCredentials(&draft)
  }

  static func awsCredentials(_ draft: inout AirflowDraft) {
    switch draft.method {
    case "ambient": break
    case "profile": draft.extra("profile_name", from: "aws_profile_name")
    case "access_key":
      draft.row.login = draft.value("access_key_id")
      draft.row.password = draft.value("secret_access_key")
      draft.extra("aws_session_token", from: "session_token")
    case "assume_role":
      draft.extra("role_arn", from: "role_arn")
      if let id = draft.value("external_id") { draft.row["assume_role_kwargs"] = .table([.init("ExternalId", id)]) }
    case "web_identity":
      draft.extra("role_arn", from: "role_arn")
      draft.row["assume_role_method"] = "assume_role_with_web_identity"
      draft.row["assume_role_with_web_identity_federation"] = "file"
      draft.extra("assume_role_with_web_identity_token_file", from: "token_path")
    default: draft.refuseMethod("its hook has no such way")
    }
  }

  /// `GoogleBaseHook`. https://airflow.apache.org/docs/apache-airflow-providers-google/stable/connections/gcp.html
  static func googleCloud(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("google_cloud_platform")
    draft.extra("project", from: "project")
    switch draft.method {
    case "ambient": break
    case "impersonation":
      let chain = draft.texts("impersonation_chain")
      if chain.isEmpty {
        draft.refuseMethod(
          "without `impersonation_chain` its session would be that of the worker itself",
          help: "set `impersonation_chain`, or write `auth: ambient`")
      } else {
        draft.row["impersonation_chain"] = .text(chain.joined(separator: ","))
      }
    case "service_account_file": draft.extra("key_path", from: "keyfile")
    case "service_account_json": draft.extra("keyfile_dict", from: "keyfile_json")
    default: draft.refuseMethod("its hook has no such way")
    }
  }
}

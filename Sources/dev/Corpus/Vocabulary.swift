/// The words that names, reasons and comments are made of.
enum Vocabulary {
  static let departments = [
    "orders", "billing", "finance", "logistics", "payments", "marketing", "pricing", "support",
    "catalog", "search", "risk", "fraud", "people", "legal", "growth", "identity", "inventory",
    "fulfilment", "returns", "tax", "treasury", "partners", "retail", "wholesale", "mobile",
    "web", "research", "quality", "security", "compliance", "procurement", "facilities",
    "loyalty", "content", "media", "forecasting", "telemetry", "devices", "claims", "lending",
  ]

  static let missions = [
    "ingest", "models", "reporting", "insight", "core", "quality", "metrics", "events",
    "experiments", "activation", "ledger", "planning", "exports", "features", "monitoring",
    "archive", "enrichment", "science", "dashboards", "contracts",
  ]

  static let firstNames = [
    "ana", "raj", "lee", "maria", "tomas", "ingrid", "kofi", "yuki", "omar", "priya", "lena",
    "diego", "amara", "pavel", "sofia", "noah", "mei", "hassan", "clara", "jonas", "fatima",
    "erik", "nadia", "luca", "zoe", "ivan", "aisha", "felix", "rosa", "samir", "elin", "marco",
    "tara", "kenji", "paula", "anton", "leila", "oscar", "hanna", "victor", "dina", "bruno",
    "salma", "petra", "nils", "carla", "tariq", "julia", "emil", "vera",
  ]

  static let lastNames = [
    "lopez", "patel", "chen", "silva", "novak", "berg", "mensah", "tanaka", "haddad", "sharma",
    "fischer", "romero", "okafor", "petrov", "rossi", "martin", "wang", "rahman", "weber",
    "lindqvist", "nasser", "hansen", "kovacs", "ferrari", "dubois", "sokolov", "diallo",
    "schmidt", "moreno", "khan", "johansson", "bianchi", "murphy", "sato", "costa", "volkov",
    "farah", "nilsson", "maier", "horvat", "saleh", "almeida", "aziz", "svoboda", "larsen",
    "vidal", "malik", "keller", "virtanen", "ortega",
  ]

  static let tables = [
    "orders", "order_lines", "customers", "invoices", "refunds", "shipments", "payments",
    "sessions", "page_views", "products", "stock_levels", "price_changes", "campaigns", "leads",
    "tickets", "contracts", "subscriptions", "renewals", "deliveries", "returns", "suppliers",
    "purchase_orders", "budgets", "forecasts", "experiments", "exposures", "devices", "alerts",
    "claims", "quotes", "baskets", "coupons", "reviews", "warehouses", "routes", "employees",
    "applications", "exchange_rates", "ledger_entries", "chargebacks",
  ]

  /// What a binding is for; `%` stands for a table.
  static let reasons = [
    "monthly reconciliation of % against the ledger",
    "reads % for the weekly business review",
    "moves the % pipeline off the old scheduler",
    "on call for the % models, agreed with the owners",
    "investigates late rows in % since the migration",
    "builds the % dashboard that the board asked for",
    "needs % to train and evaluate the demand forecast",
    "answers regulator questions about %",
    "takes over % from the team that was dissolved",
    "contract tests of everything that depends on %",
    "backfills % after the schema change",
    "compares % between the old and the new warehouse",
    "measures the quality of % before every release",
    "exports % to the partner portal every night",
  ]

  /// What somebody adds to a reason.
  static let remarks = [
    "agreed with the owners", "asked for by their lead", "see the ticket",
    "reviewed in the spring", "nobody else can do it yet", "renewed after the access review",
  ]

  static let comments = [
    "reviewed together with the owners in the last access review",
    "see the runbook before widening this",
    "the old warehouse still has a copy of this, do not extend it there",
    "asked for in the planning meeting, agreed by both leads",
    "kept apart from the group binding above on purpose",
    "goes away once the new pipeline has replaced the nightly job",
    "narrow on purpose: only what the dashboard shows",
    "the vendor's tool needs this, and nothing else does",
  ]

  static let routes = [
    "list_orders", "get_order", "freshness", "search_items", "export_rows", "get_quote",
    "list_prices", "submit_feedback", "get_status", "list_runs",
  ]

  static let dags = [
    "nightly", "hourly_load", "backfill", "quality_checks", "exports", "snapshots", "weekly_report",
  ]
}

"""The application that the guard is proven with: its routes, behind a document that Writ rendered.

Run by uvicorn, with the rendered module on PYTHONPATH. Where things are comes from the environment: GUARD_DOCUMENT,
DBT_URL, DBT_TOKEN, and GUARD_SHIFT, by how many seconds the guard's clock is wrong.
"""

import os
import time
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, WebSocket
from writ_guard import DbtError, DbtJobs, Decision, Guard, Policy, write_audit

with open(os.environ["GUARD_DOCUMENT"], encoding="utf-8") as file:
    policy = Policy.parse(file.read())
shift = float(os.environ.get("GUARD_SHIFT", "0"))
guard = Guard(policy, write_audit, lambda: time.time() + shift)
jobs = DbtJobs(os.environ["DBT_URL"], 7, os.environ["DBT_TOKEN"])
app = FastAPI(dependencies=[Depends(guard)], docs_url=None, redoc_url=None, openapi_url=None)
admin = APIRouter()


@app.get("/health")
def health() -> dict[str, bool]:
    return {"ok": True}


@app.api_route("/orders", methods=["GET", "HEAD"])
def orders() -> list[str]:
    return []


@app.get("/orders/{order}")
def one_order(order: int, decision: Annotated[Decision, Depends(guard)]) -> dict[str, object]:
    return {"order": order, "for": decision.principal, "groups": decision.groups}


@app.delete("/orders/{order}")
def delete_order(order: int) -> dict[str, int]:
    return {"deleted": order}


@app.post("/jobs/{job}/runs")
def run_models(job: int, decision: Annotated[Decision, Depends(guard)]) -> dict[str, int]:
    try:
        run = jobs.run(job, decision)
    except DbtError as error:
        guard.effect(decision, dbt_job=job, error=str(error))
        raise HTTPException(502, "dbt did not start the job") from None
    guard.effect(decision, dbt_job=job, dbt_run_id=run)
    return {"run": run}


@admin.get("/orders")
def admin_orders() -> str:
    return "a rule for /orders decides nothing here"


@app.get("/unlisted")
def unlisted() -> None:
    return None


@app.websocket("/live")
async def live(socket: WebSocket) -> None:
    await socket.accept()


# Behind a prefix, so that the route's own path is that of another one.
app.include_router(admin, prefix="/admin")

"""Uses the API with the clients that Python programs use: sgqlc and ariadne-codegen.

Usage: clients.py URL TOKEN_OF_A_CLERK SCHEMA. Both generate their code first, sgqlc by introspection
and ariadne-codegen from the SDL. Ends with a traceback if something differs.
"""

import asyncio
import importlib
import json
import subprocess
import sys
import tempfile
from contextlib import aclosing
from pathlib import Path

import toml
from graphql import get_introspection_query
from sgqlc.endpoint.http import HTTPEndpoint
from sgqlc.operation import Operation

URL, TOKEN, SCHEMA = sys.argv[1:]
PROGRAMS = Path(sys.executable).parent
AUTHORIZATION = {"authorization": f"Bearer {TOKEN}"}

OPERATIONS = """
query ListAgreements($first: Int!) {
  agreements(first: $first) { totalCount { value } nodes { id code status parties { __typename } } }
}
mutation CreateEvent($input: CreateEventInput!) {
  createEvent(input: $input) { event { id code } errors { __typename code path } }
}
subscription OnChange($after: Cursor) { changes(after: $after) { __typename } }
"""

def read_with_sgqlc(folder: Path) -> tuple[int, list[str]]:
    introspection = folder / "introspection.json"
    introspection.write_text(json.dumps(HTTPEndpoint(URL, AUTHORIZATION)(get_introspection_query())))
    subprocess.run(
        [PROGRAMS / "sgqlc-codegen", "schema", introspection, folder / "register_schema.py"], check=True
    )
    schema = importlib.import_module("register_schema").register_schema
    operation = Operation(schema.Query)
    agreements = operation.agreements(first=3)
    agreements.total_count.value()
    agreements.nodes.code()
    answer = HTTPEndpoint(URL, AUTHORIZATION)(operation)
    assert "errors" not in answer, answer
    read = (operation + answer).agreements
    return read.total_count.value, [node.code for node in read.nodes]

async def use_ariadne_client(folder: Path) -> tuple[int, list[str]]:
    (folder / "operations.graphql").write_text(OPERATIONS)
    (folder / "pyproject.toml").write_text(
        "[tool.ariadne-codegen]\n"
        f"schema_path = {json.dumps(SCHEMA)}\n"
        'queries_path = "operations.graphql"\n'
        'target_package_name = "register_client"\n'
    )
    subprocess.run([PROGRAMS / "ariadne-codegen"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    package = importlib.import_module("register_client")
    client = package.Client(url=URL, headers=AUTHORIZATION, ws_url=URL.replace("http", "ws", 1))
    read = (await client.list_agreements(first=3)).agreements
    event = package.CreateEventInput(
        province="DONG_NAI",
        title=package.TextInput(vi="Sự kiện từ Python"),
        kind="MEETING",
        pillar="STATE",
        heldOn="2024-05-20",
        place="Biên Hòa",
    )
    created = (await client.create_event(input=event)).create_event
    assert created.errors == [] and created.event.code.startswith("EVT-DONG_NAI-"), created
    async with aclosing(client.on_change()) as messages:
        async for message in messages:
            assert message.changes.typename__ in ("Change", "ChangeHeartbeat"), message
            break
    return read.total_count.value, [node.code for node in read.nodes]

with tempfile.TemporaryDirectory() as name:
    sys.path.insert(0, name)
    with_sgqlc = read_with_sgqlc(Path(name))
    with_ariadne = asyncio.run(use_ariadne_client(Path(name)))
    assert with_sgqlc == with_ariadne and len(with_sgqlc[1]) == 3, (with_sgqlc, with_ariadne)

"""The OpenAPI 3.1 document, made from the table of operations and the models that the code itself reads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from openapi_pydantic import (
    Components,
    Contact,
    Header,
    Info,
    MediaType,
    OpenAPI,
    Parameter,
    PathItem,
    Reference,
    RequestBody,
    Response,
    Schema,
    SecurityScheme,
    Server,
)
from openapi_pydantic import Operation as Described
from openapi_pydantic.util import construct_open_api_with_schema_class
from pydantic import BaseModel

from handlers.api.gate import JSON, MARK, scope_of
from handlers.api.operations import Operation
from handlers.api.problems import MEDIA_TYPE, ROOT, STATUS, ProblemBody
from handlers.api.table import OPERATIONS
from handlers.api.texts import Kind

VERSION = "1.0.0"
BEARER = "key"
ANY = (401, 403, 422, 429, 503)
"""Statuses of problems that any operation may answer."""
ANY_WRITE = (400, 409, 413, 415)
IN_WORDS = {
    400: "請求內容不是 JSON 物件。",
    401: "沒有有效的金鑰。",
    403: "金鑰沒有這個範圍。",
    404: "查無這個帳號或單位。",
    409: "與另一個請求衝突，或同一個 Idempotency-Key 的請求還在處理。",
    413: "請求內容太大。",
    415: "內容類型不是 JSON。",
    422: "欄位有誤或不符規則，見 errors；或 Idempotency-Key 已用於內容不同的請求。",
    429: "請求太頻繁，請等 Retry-After 的秒數。",
    503: "資料庫暫時沒有回應，什麼都沒有做；請等 Retry-After 的秒數再送。",
}
SECONDS = "幾秒後再送。"
ABOUT = (
    "給主系統與其他系統使用的介面。每個請求都要在 Authorization 標頭放「Bearer 金鑰」；金鑰由系統管理員以 "
    "frontdoor api-key create 產生，只顯示一次。內容是 UTF-8 的 JSON，最多 64 KiB；日期時間一律是 ISO 8601 西元，"
    "不接受未列出的欄位。寫入的請求可以附 Idempotency-Key：24 小時內同樣的請求重送，會得到第一次的回應，不會再做一次。"
    "被拒絕的請求什麼都沒有做，更正後可以用同一個 Idempotency-Key 再送。所有問題都以 application/problem+json 回應。"
)


@cache
def document() -> OpenAPI:
    """Return the whole document."""
    paths: dict[str, PathItem] = {}
    for each in OPERATIONS:
        item = paths.setdefault(f"/{each.path}", PathItem())
        setattr(item, each.method.lower(), _described(each))
    bare = OpenAPI(
        openapi="3.1.0",
        info=Info(title="社政小幫手 介接", version=VERSION, description=ABOUT, contact=Contact(name="系統客服")),
        servers=[Server(url=ROOT)],
        paths=paths,
        components=Components(securitySchemes={BEARER: SecurityScheme(type="http", scheme="bearer")}),
        security=[{BEARER: []}],
    )
    return construct_open_api_with_schema_class(bare, sorted(set(_models()), key=lambda each: each.__name__))


@cache
def as_json() -> str:
    """Return the document as it is served."""
    return document().model_dump_json(by_alias=True, exclude_none=True)


def fields_of(model: type[BaseModel]) -> dict[str, Schema]:
    """Return the schema of each field of a flat model."""
    properties = model.model_json_schema().get("properties", {})
    return {name: Schema.model_validate(schema) for name, schema in properties.items()}


def _models() -> Iterator[type[BaseModel]]:
    """Yield every object that is sent either way."""
    yield ProblemBody
    for each in OPERATIONS:
        yield from (each.body,) if each.body else ()
        for _, bodies in each.about.answers.values():
            yield from bodies


def _described(operation: Operation) -> Described:
    about = operation.about
    refused = sorted({*ANY, *(ANY_WRITE if operation.is_write else ()), *about.refusals})
    answers: dict[str, Response | Reference] = {
        str(status): _answer(words, bodies) for status, (words, bodies) in about.answers.items()
    }
    return Described(
        operationId=about.name,
        summary=about.summary,
        description=f"{about.details}需要 {scope_of(operation.action)} 範圍。",
        parameters=[*_parameters(operation), *([_mark()] if operation.is_write else [])],
        requestBody=RequestBody(required=True, content={JSON: _content(operation.body)}) if operation.body else None,
        responses=answers | {str(status): _problem(status) for status in refused},
    )


def _parameters(operation: Operation) -> Iterator[Parameter]:
    """Yield what the address names: in the path where it stands there, else behind the question mark."""
    for name, schema in fields_of(operation.address).items():
        is_path = f"{{{name}}}" in operation.path
        is_required = is_path or operation.address.model_fields[name].is_required()
        yield _parameter(name, "path" if is_path else "query", schema, is_required=is_required)


def _mark() -> Parameter:
    words = "每個新請求一個新的值，例如 UUID；重送同一個請求時用同一個值。"
    of_mark = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$", "description": words}
    return _parameter(MARK, "header", Schema.model_validate(of_mark), is_required=False)


def _parameter(name: str, place: str, schema: Schema, *, is_required: bool) -> Parameter:
    named = {"name": name, "in": place, "required": is_required, "description": schema.description, "schema": schema}
    return Parameter.model_validate(named)


def _answer(words: str, bodies: tuple[type[BaseModel], ...]) -> Response:
    return Response(description=words, content={JSON: _content(*bodies)})


def _problem(status: int) -> Response:
    headers: dict[str, Header | Reference] | None = None
    if status in (STATUS[Kind.TOO_FAST], STATUS[Kind.CLOSED]):
        headers = {"Retry-After": Header.model_validate({"description": SECONDS, "schema": {"type": "integer"}})}
    return Response(description=IN_WORDS[status], content={MEDIA_TYPE: _content(ProblemBody)}, headers=headers)


def _content(*models: type[BaseModel]) -> MediaType:
    """Return one of these objects."""
    refs = [{"$ref": f"#/components/schemas/{each.__name__}"} for each in models]
    return MediaType.model_validate({"schema": refs[0] if len(refs) == 1 else {"oneOf": refs}})

"""The style guide: every component in every state, with sample data; only while debugging."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.web.declarations import Kpi
from guanxi.web.filters import Chip, Choice
from guanxi.web.forms import PickerWidget
from guanxi.web.jinja import render_block, render_page

TONES = ("mut", "pri", "info", "ok", "warn", "bad", "vio")
COMPANIES = (
    ("杭州云栖智造科技有限公司", "KH202601001", "战略合作伙伴", "vio", "正常", "ok", "李思远", 1, 5, "¥2,864,300.00"),
    ("苏州精锐自动化设备有限公司", "KH202601002", "大客户", "pri", "正常", "ok", "王若溪", 2, 4, "¥1,532,880.00"),
    (
        "北京远望信息技术股份有限公司",
        "KH202601003",
        "重点开发客户",
        "info",
        "流失预警",
        "warn",
        "陈嘉木",
        3,
        3,
        "¥986,400.00",
    ),
    ("深圳市海纳电子有限公司", "KH202601004", "合作伙伴", "ok", "暂缓流失", "info", "赵明轩", 4, 2, "¥1,208,650.00"),
    ("成都天府食品集团", "KH202601005", "普通客户", "mut", "已流失", "bad", "李思远", 1, 1, "¥345,200.00"),
)
CARDS: Sequence[tuple[str, str, str, list[tuple[str, str, int, str, str]]]] = (
    ("draft", "未分配", "mut", [("注塑车间 MES 选型", "无锡太湖光伏科技有限公司", 30, "¥45 万", "")]),
    (
        "developing",
        "开发中",
        "info",
        [
            ("MES 二期采购", "杭州云栖智造科技有限公司", 80, "¥120 万", "李思远"),
            ("产线视觉检测", "苏州精锐自动化设备有限公司", 60, "¥86 万", "王若溪"),
        ],
    ),
    ("won", "开发成功", "ok", [("呼叫中心扩容", "广州南粤医疗器械有限公司", 100, "¥52 万", "陈嘉木")]),
    ("lost", "开发失败", "bad", []),
)


class SampleForm(forms.Form):
    """Every kind of field, bound and faulty or fresh."""

    name = forms.CharField(label=_("Customer name"), help_text=_("As on the business licence"))
    level = forms.ChoiceField(label=_("Level"), choices=[("1", "普通客户"), ("2", "大客户")], required=False)
    manager = forms.ChoiceField(label=_("Manager"), choices=[("", "—"), ("1", "李思远")], required=False)
    amount = forms.DecimalField(
        label=_("Amount"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    day = forms.DateField(label=_("Date"), required=False)
    moment = forms.DateTimeField(label=_("Time"), required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    file = forms.FileField(label=_("File"), required=False)
    kind = forms.ChoiceField(
        label=_("Way"), choices=[("call", "电话"), ("visit", "拜访"), ("chat", "微信")], widget=forms.RadioSelect
    )
    tags = forms.MultipleChoiceField(
        label=_("Months"),
        choices=[(str(n), f"{n} 月") for n in range(1, 4)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    rating = forms.IntegerField(label=_("Satisfaction"), required=False)
    notes = forms.CharField(label=_("Notes"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label=_("Create another after saving"), required=False)
    fixed = forms.CharField(label=_("Number"), initial="KH202601001", disabled=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        picker = PickerWidget(url=reverse("web:styleguide-options"))
        picker.choices = self.fields["manager"].choices  # type: ignore[attr-defined]  # a choice field
        self.fields["manager"].widget = picker


def styleguide(request: HttpRequest) -> HttpResponse:
    """Everything on one page; `?part=form` is what the drawer loads, `?part=plain` a page without the shell."""
    if not settings.DEBUG:
        raise Http404
    if request.method == "POST":
        form = SampleForm(request.POST)
        form.is_valid()
        return render_block(request, "web/styleguide.html", "drawer_form", {"form": form}, status=422)
    if request.GET.get("part") == "plain":
        return render_page(request, "web/styleguide_plain.html", {})
    if request.GET.get("part") == "form":
        return render_block(request, "web/styleguide.html", "drawer_form", {"form": SampleForm()})
    return render_page(request, "web/styleguide.html", samples())


def styleguide_options(request: HttpRequest) -> JsonResponse:
    """Feeds the guide's picker."""
    if not settings.DEBUG:
        raise Http404
    text = request.GET.get("q", "")
    names = [row[6] for row in COMPANIES[:4]]
    found = [{"value": n, "label": name} for n, name in enumerate(names, 1) if text in name]
    return JsonResponse({"options": found})


def samples() -> dict[str, Any]:
    """What the guide shows."""
    return {
        "crumbs": [(_("System"), "/"), (_("Style guide"), "")],
        "tones": TONES,
        "companies": COMPANIES,
        "lanes": CARDS,
        "form": SampleForm(
            auto_id="page_%s", initial={"day": date(2026, 11, 23), "kind": "call", "rating": 4, "level": "2"}
        ),
        "faulty": SampleForm({"name": "", "email": "x", "kind": ""}, auto_id="faulty_%s", prefix="faulty"),
        "kpis": _kpis(),
        "timeline": _timeline(),
        "steps": _steps(),
        "tree": _tree(),
        "chips": _chips(),
    }


def _kpis() -> list[Kpi]:
    return [
        Kpi("累计成交", "¥286.4 万"),
        Kpi("近 12 个月", "¥124.8 万", "↑ 18.2%"),
        Kpi("订单", "32", "笔"),
        Kpi("未回款", "¥8.6 万"),
        Kpi("跟进中的机会", "2", "¥150 万"),
        Kpi("最近下单", "2", "天前"),
    ]


def _timeline() -> Sequence[Mapping[str, Any]]:
    return [
        {
            "day": "今天",
            "icon": "phone",
            "tone": "pri",
            "title": "李思远 记录了一次电话交往",
            "time": "09:12",
            "text": "与采购部王经理确认二期报价，对方希望 12 月 5 日前给出最终折扣。",
            "tags": [("电话", "mut"), ("后续：11-28 回访", "warn")],
        },
        {
            "day": "11 月 21 日",
            "icon": "receipt",
            "tone": "ok",
            "title": "订单 DD20261121007 已回款",
            "time": "15:26",
            "text": "金额 ¥286,400.00，含 MES 采集网关 40 台。",
            "tags": [("已回款", "ok")],
        },
        {
            "day": "11 月 21 日",
            "icon": "headset",
            "tone": "vio",
            "title": "服务 FW20261118003 反馈完成",
            "time": "11:03",
        },
    ]


def _steps() -> Sequence[Mapping[str, str]]:
    return [
        {"label": "创建", "state": "done", "note": "赵明轩", "time": "11-18 09:20"},
        {"label": "分配", "state": "done", "note": "李思远", "time": "11-18 09:41"},
        {"label": "处理", "state": "cur", "note": "王若溪 处理中", "time": "已用 4 小时 12 分"},
        {"label": "反馈", "state": "todo"},
        {"label": "归档", "state": "todo"},
    ]


def _tree() -> Sequence[Mapping[str, Any]]:
    def leafs(granted: int) -> list[dict[str, Any]]:
        names = ["查看", "新建", "编辑", "删除"]
        return [{"value": n, "label": name, "checked": n < granted} for n, name in enumerate(names)]

    return [
        {
            "label": "营销管理",
            "icon": "target",
            "children": [
                {"label": "营销机会", "leafs": leafs(4)},
                {"label": "客户开发计划", "leafs": leafs(1)},
            ],
        },
        {
            "label": "系统管理",
            "icon": "settings",
            "children": [{"label": "用户", "leafs": leafs(0)}],
        },
    ]


def _chips() -> list[Chip]:
    levels = tuple(Choice(str(n), row[2], n < 2, row[3]) for n, row in enumerate(COMPANIES))
    return [
        Chip("level", _("Level"), "choice", "战略合作伙伴 +1", levels),
        Chip("created", _("Created at"), "day", ""),
        Chip("manager", _("Manager"), "choice", "", url=reverse("web:styleguide-options")),
    ]

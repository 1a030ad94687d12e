"""Signing in and out, and what belongs to the person."""

from django.urls import path

from guanxi.system import account, code_page, home, notices, proving, recycling, second_factor, signing

app_name = "account"
urlpatterns = [
    path("", home.home, name="home"),
    path("cards/<slug:card>/", home.home_card_page, name="home-card"),
    path("home/arrange/", home.arrange_home, name="home-arrange"),
    path("login/", signing.SignInPage.as_view(), name="login"),
    path("login/code/", code_page.CodePage.as_view(), name="code"),
    path("logout/", signing.sign_out, name="logout"),
    path("language/", signing.choose_language, name="language"),
    path("account/profile/", account.ProfilePage.as_view(), name="profile"),
    path("account/password/", account.PasswordPage.as_view(), name="password"),
    path("account/second-factor/", second_factor.SecondFactorPage.as_view(), name="second-factor"),
    path("account/second-factor/off/", second_factor.TurnOffPage.as_view(), name="second-factor-off"),
    path("account/second-factor/codes/", second_factor.RecoveryCodesPage.as_view(), name="recovery-codes"),
    path("account/prove/", proving.ProvePage.as_view(), name="prove"),
    path("account/sessions/", account.SessionsPage.as_view(), name="sessions"),
    path("account/sessions/end/", account.end_others, name="sessions-end"),
    path("notifications/", notices.notices, name="notices"),
    path("notifications/read/", notices.read_all, name="notices-read"),
    path("notifications/<int:pk>/open/", notices.open_notice, name="notice-open"),
    path("bin/", recycling.recycling, name="bin"),
    path("account/sessions/<slug:key_hash>/end/", account.end_one, name="session-end"),
]

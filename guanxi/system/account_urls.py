"""Signing in and out, and what belongs to the person."""

from django.urls import path

from guanxi.system import account, home, notices, recycling, signing

app_name = "account"
urlpatterns = [
    path("", home.home, name="home"),
    path("cards/<slug:card>/", home.home_card_page, name="home-card"),
    path("home/arrange/", home.arrange_home, name="home-arrange"),
    path("login/", signing.SignInPage.as_view(), name="login"),
    path("logout/", signing.sign_out, name="logout"),
    path("language/", signing.choose_language, name="language"),
    path("account/profile/", account.ProfilePage.as_view(), name="profile"),
    path("account/password/", account.PasswordPage.as_view(), name="password"),
    path("account/sessions/", account.SessionsPage.as_view(), name="sessions"),
    path("account/sessions/end/", account.end_others, name="sessions-end"),
    path("notifications/", notices.notices, name="notices"),
    path("notifications/read/", notices.read_all, name="notices-read"),
    path("notifications/<int:pk>/open/", notices.open_notice, name="notice-open"),
    path("bin/", recycling.recycling, name="bin"),
    path("account/sessions/<slug:key_hash>/end/", account.end_one, name="session-end"),
]
